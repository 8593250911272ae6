"""What TeX's commands read as: those that abstracts on arXiv really use."""

from __future__ import annotations


def members(table: str) -> frozenset[str]:
    """What stands between blanks."""
    return frozenset(table.split())


def pairs(table: str) -> dict[str, str]:
    """What stands between blanks, each second one by the one before it."""
    entries = table.split()
    return dict(zip(entries[::2], entries[1::2], strict=True))


SYMBOLS = pairs("""
    alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
    nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ
    Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅
    forall ∀ exists ∃ neg ¬ lnot ¬ Re ℜ Im ℑ aleph ℵ angle ∠ triangle △ square □ star ⋆ ast ∗ bullet • circ ∘ degree °
    deg ° prime ′ times × div ÷ pm ± mp ∓ cdot · cdots ⋯ dots … ldots … textellipsis … vdots ⋮ sim ∼ simeq ≃ approx ≈
    cong ≅ equiv ≡ propto ∝ neq ≠ ne ≠ leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ prec ≺
    succ ≻ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨
    oplus ⊕ otimes ⊗ odot ⊙ perp ⊥ bot ⊥ top ⊤ parallel ∥ mid ∣ vdash ⊢ models ⊨ to → rightarrow → leftarrow ← gets ←
    leftrightarrow ↔ Rightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ uparrow ↑ downarrow ↓ nearrow ↗ searrow ↘
    mapsto ↦ longrightarrow ⟶ rightleftharpoons ⇌ sum ∑ prod ∏ int ∫ oint ∮ surd √ langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉
    lVert ‖ rVert ‖ Vert ‖ lvert | rvert | vert |
    lfloor ⌊ rfloor ⌋ dagger † dag † ddagger ‡ clubsuit ♣ diamondsuit ♦ heartsuit ♥ spadesuit ♠ checkmark ✓ copyright ©
    textcopyright © textregistered ® texttrademark ™ textdegree ° textmu µ texttimes × textasciitilde ~
    textasciicircum ^ textbackslash \\ textbar | textless < textgreater > textdollar $ textunderscore _
    textendash – textemdash — S §
    euro € pounds £ lbrace { rbrace } backslash \\ colon : slash / LaTeX LaTeX TeX TeX BibTeX BibTeX eg e.g. ie i.e.
    etc etc. vs vs. wrt w.r.t. o ø O Ø l ł L Ł ss ß ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ
    dh ð DH Ð eth ð ETH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ AA Å
    lt < gt > lbrack [ rbrack ] lvert | digamma ϝ varkappa ϰ varpi ϖ varrho ϱ varsigma ς varGamma Γ varDelta Δ
    varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varUpsilon Υ varPhi Φ varPsi Ψ varOmega Ω hslash ℏ imath ı jmath
    ȷ beth ℶ gimel ℷ daleth ℸ wp ℘ eth ð mho ℧ complement ∁ nexists ∄ measuredangle ∡ sphericalangle ∢ blacksquare ■
    Box □ Diamond ◇ lozenge ◊ blacklozenge ⧫ bigstar ★ diamond ⋄ bigcirc ◯ triangledown ▽ triangleleft ◁ triangleright
    ▷ bigtriangleup △ bigtriangledown ▽ blacktriangle ▲ therefore ∴ because ∵ mp ∓ dotplus ∔ divideontimes ⋇ ltimes ⋉
    rtimes ⋊ wr ≀ amalg ⨿ uplus ⊎ sqcap ⊓ sqcup ⊔ ominus ⊖ oslash ⊘ boxplus ⊞ boxtimes ⊠ boxdot ⊡ barwedge ⊼ veebar ⊻
    smallsetminus ∖ Cap ⋒ Cup ⋓ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ eqqcolon ≕ thickapprox ≈ thicksim ∼ approxeq ≊
    backsim ∽ bumpeq ≏ circeq ≗ leqq ≦ geqq ≧ lll ⋘ ggg ⋙ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ lessgtr ≶ gtrless ≷ lesseqgtr ⋚
    gtreqless ⋛ lessapprox ⪅ gtrapprox ⪆ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ subsetneq ⊊
    supsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒
    trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳ owns ∋ nmid ∤ nparallel ∦ nsim ≁ ncong ≇
    dashv ⊣ vDash ⊨ Vdash ⊩ nvdash ⊬ nvDash ⊭ bowtie ⋈ Join ⋈ smile ⌣ frown ⌢ between ≬ pitchfork ⋔ varpropto ∝
    longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ impliedby ⟸ longmapsto
    ⟼ hookrightarrow ↪ hookleftarrow ↩ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ swarrow ↙ nwarrow ↖ leadsto ⇝
    rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ leftrightharpoons ⇋ rightleftarrows ⇄
    leftrightarrows ⇆ rightrightarrows ⇉ upharpoonright ↾ twoheadrightarrow ↠ rightarrowtail ↣ nrightarrow ↛
    nleftarrow ↚ nRightarrow ⇏ curvearrowright ↷ circlearrowleft ↺ circlearrowright ↻ multimap ⊸ rightsquigarrow ⇝
    dashrightarrow ⇢ coprod ∐ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄
    bigsqcup ⨆ iint ∬ iiint ∭ iiiint ⨌ lgroup ⟮ rgroup ⟯ ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟ llbracket ⟦
    rrbracket ⟧ flat ♭ natural ♮ sharp ♯ ddots ⋱ dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso … hdots … lq ‘ rq ’
    textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” textquotesingle ' guillemotleft «
    guillemotright » textbullet • textperiodcentered · textdagger † textdaggerdbl ‡ textparagraph ¶ textsection §
    texteuro € textpm ± textonehalf ½ textonequarter ¼ textthreequarters ¾ textordfeminine ª textordmasculine º
    textexclamdown ¡ textquestiondown ¿ textbardbl ‖ textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓
    textnumero № textalpha α textbeta β textgamma γ textdelta δ textlambda λ textpi π textsigma σ textOmega Ω textohm
    Ω celsius ℃ micro µ ohm Ω angstrom Å arcdeg ° arcmin ′ arcsec ″ sun ☉ Sun ☉ earth ⊕ female ♀ male ♂ Earth ⊕ yen ¥
    maltese ✠ circledR ® circledS Ⓢ dprime ″ backprime ‵ iff ⇔ lbrace { upmu μ upalpha α upbeta β upgamma γ uppi π
""") | {"quad": "  ", "qquad": "    ", "thinspace": " ", "space": " ", "nobreakspace": " ", "enspace": " "}
# Symbols that are letters of a word: a blank behind them only ends their name.
LETTERS = members("o O l L ss ae AE oe OE aa AA i j dh DH eth ETH th TH dj DJ ng NG")
# Names of functions, which are read as they are.
OPERATORS = members("""
    arccos arcsin arctan arg argmax argmin cos cosh cot coth csc det dim exp gcd hom inf ker lg lim liminf limsup ln log
    max min mod Pr rank sec sgn sin sinh sup tan tanh Tr tr diag softmax
""")
# The accents, and the letters that take them without braces, those of https://info.arxiv.org/help/prep.html#accents
# and `\'` on a few more; another letter behind one is rather a pattern.
ACCENTS = dict(
    zip(
        "`'^\"~=.uvHckrdb",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a\u0323\u0331",
        strict=True,
    )
)
BARE_ACCENTS = pairs("""
    ` aeiou ' aceilnorsuyz ^ aceghijosuwy " aeiouy ~ ainou = aeiouy . aecgioz u aegiou v acdeghijklnorstuz H ou
    c cegklnrst k aeiou r au
""")
MATH_ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "acute": "\u0301",
    "grave": "\u0300",
    "check": "\u030c",
    "breve": "\u0306",
    "dddot": "\u20db",
    "mathring": "\u030a",
    "widecheck": "\u030c",
    "underbar": "\u0332",
    "overrightarrow": "\u20d7",
}
# Commands of which only the argument is read.
STYLES = members("""
    textbf textit emph texttt textsc textrm textsf textsl textup textmd textnormal underline uline ul hl text mbox
    hbox mathbf mathrm mathit mathsf mathtt mathcal mathfrak mathscr mathnormal boldsymbol bm pmb operatorname url
    path textquote enquote ensuremath mathop mathbin mathrel mathord mathopen mathclose bold emphasis
    overbrace underbrace boxed fbox framebox substack smash textbb textup uwave sout st pmb mathbold symbf
    symrm vcenter
""")
# Declarations, that are read as nothing.
SILENT = members("""
    it bf em sc rm tt sf sl itshape bfseries scshape ttfamily sffamily rmfamily upshape normalfont tiny small
    footnotesize scriptsize normalsize large Large LARGE huge Huge noindent boldmath left right big Big bigg Bigg
    bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm middle cal mit oldstyle scriptstyle scriptscriptstyle
    mathstrut nonumber allowbreak newline smallskip medskip bigskip selectfont mdseries displaystyle textstyle
    limits nolimits xspace protect relax centering ul
""")
REFERENCES = members("cite citep citet citealp citeauthor citeyear ref cref Cref eqref autoref")
DOUBLE_STRUCK = dict(zip("CHNPQRZ1", "ℂℍℕℙℚℝℤ𝟙", strict=True)) | {
    c: chr(ord("𝔸") + ord(c) - 65) for c in "ABDEFGIJKLMOSTUVWXY"
}
APPLIED = members("mathbb mathds Bbb textsuperscript textsubscript footnote")
# Of the font Zapf Dingbats, by number: what Unicode had already stands elsewhere than in its block of dingbats.
DINGBATS = (
    {number: chr(0x2700 + number - (32 if number < 127 else 64)) for number in (*range(33, 127), *range(161, 255))}
    | {172 + digit: chr(0x2460 + digit) for digit in range(10)}
    | dict(zip((37, 42, 43, 72, 108, 110, 115, 116, 117, 119), "☎☛☞★●■▲▼◆◗", strict=True))
    | dict(zip((168, 169, 170, 171, 213, 214, 215), "♣♦♥♠→↔↕", strict=True))
)
