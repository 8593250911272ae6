"""`digest.text.stems`: the paper's own examples, rule by rule, and every recorded word as NLTK's stemmer has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer

from digest.text.stems import beginning, stem
from digest.text.words import words
from sandbox.recorded import days

# Martin's extensions are what Lucene's stemmer, and so arXiv's, has besides the paper.
ORACLE = PorterStemmer(mode=PorterStemmer.MARTIN_EXTENSIONS)
VOCABULARY = sorted(
    {
        word
        for day in days()
        for entry in day.entries
        for text in (entry.title, entry.abstract, entry.comment)
        for word in words(text)
    }
)
# The paper's examples with what the later steps make of them, and words of the field.
STEMS = {
    "1a": "caresses caress ponies poni ties ti caress caress cats cat llms llm vlms vlm classes class gas ga bus bu",
    "1b": "feed feed agreed agre plastered plaster bled bled motoring motor sing sing red red bed bed",
    "1b, restored": "conflated conflat troubled troubl sized size hopping hop tanned tan falling fall hissing hiss"
    " fizzed fizz failing fail filing file tracking track training train scaling scale tuning tune using us"
    " pruned prune",
    "1c": "happy happi sky sky study studi studies studi play plai toy toi by by efficiency effici",
    "2": "relational relat conditional condit rational ration valenci valenc hesitanci hesit digitizer digit"
    " conformabli conform radicalli radic differentli differ vileli vile analogousli analog vietnamization vietnam"
    " predication predic operator oper feudalism feudal decisiveness decis hopefulness hope callousness callous"
    " formaliti formal sensitiviti sensit sensibiliti sensibl generalization gener localization local",
    "2, later changes": "possibly possibl ontology ontolog methodologies methodolog apologi apolog bli bli",
    "3": "triplicate triplic formative form formalize formal electriciti electr electrical electr hopeful hope"
    " goodness good robustness robust representative repres",
    "4": "revival reviv allowance allow inference infer airliner airlin gyroscopic gyroscop adjustable adjust"
    " defensible defens irritant irrit replacement replac adjustment adjust dependent depend adoption adopt"
    " homologou homolog communism commun activate activ angulariti angular homologous homolog effective effect"
    " bowdlerize bowdler segmentation segment detection detect vision vision generation gener attention attent",
    "4, an ion only behind s or t": "million million champion champion religion religion region region",
    "5a": "probate probat rate rate cease ceas languages languag image imag large larg cave cave"
    " multimodal multimod video video model model understanding understand anomalies anomali",
    "5b": "controll control roll roll controlling control install instal",
    "untouched": "a a is is ai ai 3d 3d cs cs",
    "not English": "naïve naïv schrödinger schrödinger π_0 π_0 日 日 don't don't gpt4 gpt4 yolov8 yolov8 2025 2025",
    "y": "syzygy syzygi yyy yyi yy yy hyping hype dying dy yes ye",
}


@pytest.mark.parametrize("rule", STEMS)
def test_each_rule_makes_of_its_examples_what_the_paper_does(rule: str) -> None:
    listed = STEMS[rule].split()
    expected = dict(zip(listed[::2], listed[1::2], strict=True))
    assert {word: stem(word) for word in expected} == expected


def test_every_recorded_word_has_the_stem_that_nltk_finds() -> None:
    assert len(VOCABULARY) > 7000
    differing = [(word, stem(word)) for word in VOCABULARY if stem(word) != ORACLE.stem(word, to_lowercase=False)]
    assert differing == []


ENDINGS = (
    "s es ies sses ed ing eed y at bl iz ational tional enci anci izer bli alli entli eli ousli ization "
    "ation ator alism iveness fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful "
    "ness al ance ence er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ll a "
    "b c d i o u t l z x w yy"
)
MADE_UP = st.lists(st.sampled_from(ENDINGS.split()), min_size=1, max_size=5).map("".join)


@given(MADE_UP)
def test_words_made_of_endings_too(word: str) -> None:
    assert stem(word) == ORACLE.stem(word, to_lowercase=False)


@given(st.text())
def test_any_text_has_a_stem_no_longer_than_itself(word: str) -> None:
    assert len(stem(word)) <= len(word)


@given(st.sampled_from(VOCABULARY) | MADE_UP, st.integers(1, 20))
def test_a_word_begins_as_its_stem_and_what_its_stem_begins_with_tell(word: str, length: int) -> None:
    assert word.startswith(beginning(stem(word)))
    assert word.startswith(beginning(stem(word)[:length]))


def test_the_beginning_leaves_no_more_away_than_it_must() -> None:
    stems = ["model", "languag", "imag", "studi", "scale", "sensibl", "possibl", "able", "tabl"]
    assert [beginning(word) for word in stems] == [
        "model", "languag", "imag", "stud", "scal", "sensib", "possib", "ab", "tab",
    ]  # fmt: skip
