"""`digest.text.words` and `tex_letters`: texts cut as Lucene cuts them, names folded, TeX's letters read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.tex_letters import letters
from digest.text.words import folded, stems, words, words_but_stop_words

# What the StandardTokenizer of Lucene 4.10.4 with its LowerCaseFilter gave.
CUT = {
    "Vision-Language/Action models: a survey": "vision language action models a survey",
    "e.g. U.S. GPT-4.1 GPT4.o v1.5 3.5x 1,000;2 a,b": "e.g u.s gpt 4.1 gpt4 o v1.5 3.5x 1,000;2 a b",
    "k:a std::move Ratio 1:2 https://a.org/x_y": "k:a std move ratio 1 2 https a.org x_y",
    "don't models' model's MODELS’S ’tis l’Oréal": "don't models model's models’s tis l’oréal",
    "C_1 __init__ a_.b _ x_{1} π_0 $ρ=0.9$": "c_1 __init__ a_ b x_ 1 π_0 ρ 0.9",
    r"$\mathcal{O}(n^2)$ \textbf{V}ision 98\%": "mathcal o n 2 textbf v ision 98",
    "x² 10⁻³ ½ ① Ⅷ 50°C R²VLM": "x 10 ⅷ 50 c r vlm",
    "日本語テスト AIモデル ひらがな 한국어 ภาษาไทย": "日 本 語 テスト ai モデル ひ ら が な 한국어 ภาษาไทย",
    "résumé Łódź straße ñandú": "résumé łódź straße ñandú",
    "C++ C# .NET node.js @user #tag AT&T a*b": "c c net node.js user tag at t a b",
    "e\u0301te\u0301 so\u00adft zero\u200bwidth": "e\u0301te\u0301 so\u00adft zero width",
}


@pytest.mark.parametrize("text", CUT)
def test_words_are_cut_as_lucene_cuts_them(text: str) -> None:
    assert " ".join(words(text)) == CUT[text]


@pytest.mark.parametrize("text", [text for text in CUT if text.isascii()])
def test_a_text_with_one_foreign_letter_is_cut_no_other_way(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "é"]


def test_stop_words_leave_their_place_and_a_possessive_goes_before_the_stem() -> None:
    assert words_but_stop_words("The models of it's") == [None, "models", None, "it's"]
    assert stems("The models’ OF it's Model's users'") == [None, "model", None, None, "model", "user"]


@given(st.text(), st.text(alphabet="aZ09_.,:;'’-/ é²日ア\u0301\u00ad"))
def test_any_text_can_be_cut_and_no_word_holds_a_blank(anything: str, likely: str) -> None:
    for text in (anything, likely):
        for word in words(text):
            assert word.split() == [word]
            assert word.strip("_")


SAME = [
    "Müller Mueller Muller MÜLLER Mu\u0308ller",
    "Moore More",
    "Sæther Saether Sather",
    "Bjørn Bjoern Bjorn",
    "Łukasz Lukasz",
    "Đoković Dokovic",
    "Aaron Aron",
    "Nguyễn Nguyen",
    "Yıldız Yildiz",
    "D’Alché D'Alche",
    "J.R. JR jr",
    "Straße Strasse",
]


@pytest.mark.parametrize("names", SAME)
def test_names_that_the_index_takes_for_one(names: str) -> None:
    assert len(set(folded(names))) == 1


@pytest.mark.parametrize(
    "names", ["Al-Zahra Alzahra", "O'Hara Ohara", "Wang Wong", "queue que", "Lee Le", "Suess Susse"]
)
def test_names_that_it_does_not(names: str) -> None:
    assert len(set(folded(names))) == 2


READ = {
    r"Schr\"odinger, Poincar\'e, na\"{\i}ve, Erd\H{o}s, Fran\c{c}ois": "Schrödinger, Poincaré, naïve, Erdős, François",
    r"{\L}ukasz \O rsted Stra\ss{}e \AA ngstr\"om": "Łukasz Ørsted Straße Ångström",
    r"$\rho=0.9$, $\pi_{0.5}$, {\alpha}-Cloak, $\sqrt\lambda$": "$ρ=0.9$, $π_{0.5}$, α-Cloak, $\\sqrtλ$",
    r"\textbf{V}LM, 98\%, $\mathcal{O}(n)$, \alphabet": r"\textbf{V}LM, 98\%, $\mathcal{O}(n)$, \alphabet",
    "no TeX at all": "no TeX at all",
}


@pytest.mark.parametrize("text", READ)
def test_tex_letters_are_read_and_other_tex_stays(text: str) -> None:
    assert letters(text) == READ[text]
    assert letters(letters(text)) == letters(text)


@given(st.text(alphabet="\\{}'\"^~=.vHck aeioulLß πpirhoO"))
def test_any_tex_can_be_read(text: str) -> None:
    letters(text)
