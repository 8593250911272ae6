"""The venues that are known by a short name, and what else people write for them.

Any other venue is shown under the name that the paper gives it; this table only makes one name of several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# The short name as it is shown, and a pattern of its full name or of other spellings.
_CONFERENCES = {
    "3DV": r"International Conference on 3D Vision",
    "AAAI": r"AAAI Conference on Artificial Intelligence",
    "AACL": r"Asia-Pacific Chapter of the A(?:ssociation for Computational Linguistics|CL)|IJCNLP-AACL",
    "AAMAS": r"Autonomous Agents and Multi-?agent Systems",
    "ACCV": r"Asian Conference on Computer Vision",
    "ACL": r"(?:Annual )?Meeting of the Association for Computational Linguistics"
    r"|Findings of the Association for Computational Linguistics(?!\W{0,3}(?:EMNLP|NAACL|EACL|AACL|IJCNLP))",
    "ACM MM": r"ACM[- ]?(?:MM|Multimedia|M'?MM)(?! Asia| Systems| Tools)"
    r"|(?:ACM )?International Conference on Multimedia"
    r"(?! (?!in\b|at\b)[a-z])|\bMM(?=[ -]?'?(?:20)?2\d)",
    "AISTATS": r"Artificial Intelligence and Statistics",
    "BMVC": r"British Machine Vision Conference",
    "CCS": r"(?<!Asia )(?:SIGSAC )?Conference on Computer and Communications Security",
    "CHI": r"(?:CHI )?(?:Conference on )?Human Factors in Computing Systems",
    "CIKM": r"Conference on Information and Knowledge Management",
    "COLING": r"International Conference on Computational Linguistics(?! and)",
    "COLM": r"Conference on Language Model(?:l?ing|s)",
    "CoNLL": r"Computational Natural Language Learning",
    "CoRL": r"Conference on Robot Learning",
    "CVPR": r"Conference on Computer Vision and Pattern Recognition"
    r"|(?:IEEE/CVF|IEEE|CVF) Computer Vision and Pattern Recognition"
    r"|Computer Vision and Pattern Recognition(?= \(CVPR)",
    "EACL": r"European Chapter of the A(?:ssociation for Computational Linguistics|CL)",
    "ECAI": r"European Conference on Artificial Intelligence",
    "ECCV": r"European Conference on Computer Vision",
    "ECIR": r"European Conference on Information Retrieval",
    "ECML PKDD": r"ECML[-_/ ]?PKDD|Principles and Practice of Knowledge Discovery in Databases",
    "EMNLP": r"Empirical Methods (?:in|of) Natural Language Processing",
    "FG": r"Automatic Face and Gesture Recognition",
    "GLOBECOM": r"Global Communications Conference",
    "HRI": r"(?<!Robotics and )(?:Conference on )?Human-Robot Interaction(?=\W+\(?HRI)",
    "ICASSP": r"Acoustics,? Speech,? (?:and|&) Signal Processing(?! Letters)",
    "ICCV": r"International Conference on Computer Vision(?! Theory| and| Systems| &| Workshop on)",
    "ICDAR": r"International Conference on Document Analysis and Recognition",
    "ICDE": r"International Conference on Data Engineering",
    "ICDM": r"(?<!SIAM )(?<!Industrial )International Conference on Data Mining(?! and)",
    "ICIAP": r"International Conference on Image Analysis and Processing",
    "ICIP": r"International Conference on Image Processing(?! Theory| and|,)",
    "ICLR": r"International Conference on Learning Representations?",
    "ICME": r"International Conference on Multimedia (?:and|&) Expo",
    "ICML": r"International Conference on Machine Learning(?! and| Appl| Tech|,)",
    "ICMR": r"International Conference on Multimedia Retrieval",
    "ICPR": r"International Conference on Pattern Recognition(?! App| and| in)",
    "ICRA": r"International Conference on Robotics (?:and|&) Automation(?! Eng| Sci)",
    "ICSE": r"International Conference on Software Engineering(?! and| Ed| Res| Adv)",
    "IEEE Big Data": r"IEEE Big ?Data|International Conference on Big Data(?= \(?(?:IEEE )?Big ?Data)",
    "IEEE VIS": r"IEEE VIS(?:ualization)?(?: Conference)?(?! (?:and|in))",
    "IEEE VR": r"IEEE VR",
    "IGARSS": r"Geoscience and Remote Sensing Symposium",
    "IJCAI": r"International Joint Conferences? on Artificial Intelligence",
    "IJCNLP": "",
    "IJCNN": r"International Joint Conference on Neural Networks",
    "INTERSPEECH": "",
    "IROS": r"Intelligent Robots and Systems",
    "ISBI": r"International Symposium on Biomedical Imaging",
    "ISMAR": r"Symposium on Mixed and Augmented Reality",
    "ITSC": r"Conference on Intelligent Transportation Systems|Intelligent Transportation Systems Conference",
    "IV": r"Intelligent Vehicles Symposium|IEEE IV",
    "KDD": r"(?:ACM )?SIGKDD(?! Explor)(?: Conference on Knowledge Discovery (?:and|&) Data Mining)?",
    "LREC": r"LREC[- ]COLING|Language Resources and Evaluation(?: Conference)?(?! Journal)",
    "MICCAI": r"Medical Image Computing and Computer[- ]Assisted Interventions?",
    "MIDL": r"Medical Imaging with Deep Learning",
    "NAACL": r"(?:North(?:ern)? American|Nations of the Americas) Chapter of the"
    r" A(?:ssociation for Computational Linguistics|CL)",
    "NDSS": r"Network and Distributed Systems? Security(?: Symposium)?",
    "NeurIPS": r"NIPS|Neur-?[IL]PS|Neru?IPS|NeuIPS|Neural Information Processing Systems",
    "PAKDD": r"Pacific-Asia Conference on Knowledge Discovery and Data Mining",
    "PRCV": r"Chinese Conference on Pattern Recognition and Computer Vision",
    "RecSys": r"(?:ACM )?Conference on Recommender Systems",
    "RO-MAN": r"RO-?MAN|Robot (?:and|&) Human Interactive Communication",
    "RSS": r"Robotics: Science and Systems",
    "SIGGRAPH": r"SIGGARPH",
    "SIGGRAPH Asia": r"SIGGRAPH[- ]?ASIA",
    "SIGIR": r"Research and Development in Information Retrieval",
    "TRB": r"Transportation Research Board",
    "UAI": r"(?:Conference on )?Uncertainty in Artificial Intelligence",
    "UIST": r"User Interface Software and Technology",
    "USENIX Security": r"USENIX Sec(?:urity)?(?: Symposium)?",
    "VLDB": r"Very Large Data ?[Bb]ases?",
    "WACV": r"Winter Conference on Applications of Computer Vision",
    "WSDM": r"(?:Conference on )?Web Search and Data Mining",
    "WWW": r"(?:The )?(?:ACM )?(?:World Wide )?Web Conference|TheWebConf",
}
_JOURNALS = {
    "IJCV": r"International Journal of Computer Vision",
    "JMLR": r"Journal of Machine Learning Research",
    "JSTARS": r"(?:IEEE )?Journal of Selected Topics in Applied Earth Observations and Remote Sensing|IEEE J-?STARS",
    "RA-L": r"RA-?L|(?:IEEE )?Robotics (?:and|&) Automation Letters(?: \(IEEE RA-?L\))?",
    "TACL": r"Transactions of the Association for Computational Linguistics",
    "TASLP": r"(?:IEEE(?:/ACM)? )?Transactions on Audio,? Speech,? and Language Processing",
    "TCSVT": r"(?:IEEE )?Transactions on Circuits and Systems for Video Technology",
    "TGRS": r"(?:IEEE )?Transactions on Geoscience and Remote Sensing",
    "TIFS": r"(?:IEEE )?Transactions on Information Forensics and Security",
    "TIP": r"(?:IEEE )?Transactions on Image Processing",
    "TKDE": r"(?:IEEE )?Transactions on Knowledge and Data Engineering",
    "TMI": r"(?:IEEE )?Transactions on Medical Imaging",
    "TMLR": r"Transactions on Machine Learning Research|Transactions of Machine Learning Research",
    "TMM": r"(?:IEEE )?Transactions on Multimedia(?! Comp)",
    "TNNLS": r"(?:IEEE )?Transactions on Neural Networks and Learning Systems",
    "TOG": r"ACM Transactions on Graphics",
    "TOMM": r"ACM Transactions on Multimedia Computing,? Communications,? and Applications",
    "TPAMI": r"(?:IEEE )?(?:T-?PAMI|PAMI)|(?:IEEE )?Transactions on Pattern Analysis and Machine Intelligence",
    "TVCG": r"(?:IEEE )?Transactions on Visualization and Computer Graphics",
}
_PATTERNS = _CONFERENCES | _JOURNALS
_SHORT = {f"n{number}": short for number, short in enumerate(_PATTERNS)}


def _pattern(short: str, others: str) -> str:
    """Names of up to three letters are also words, or parts of other names, in other cases."""
    own = re.escape(short).replace(r"\ ", " ")
    spelled = rf"{own}(?= ?'?(?:20)?2\d)" if short in ("FG", "IV") else own if len(short) < 4 else f"(?i:{own})"
    return f"{spelled}|(?i:{others})" if others else spelled


# A known name, with the W of its workshops and the digits of a year that may follow at once: CVPRW'25, ICML25, AAAI-25.
_KNOWN = re.compile(
    r"(?<![\w/.-])(?:IEEE/CVF |IEEE |ACM |ISCA )?(?:"
    + "|".join(
        f"(?P<n{number}>{_pattern(short, others)})"
        for number, (short, others) in sorted(enumerate(_PATTERNS.items()), key=lambda item: -len(item[1][0]))
    )
    + r")(?P<w>-?[Ww]s?(?![A-Za-z])| Workshops?\b)?(?![A-Za-z]|-(?!Findings|Workshop|Main|Industry|Demo)[A-Za-z]{3})"
)


class Name(NamedTuple):
    """A venue's name in a text.

    shown: the short name
    start, end: where it stands
    is_workshop: whether its own form says that it is a workshop's, as CVPRW does
    """

    shown: str
    start: int
    end: int
    is_workshop: bool


def known_names(text: str) -> Iterator[Name]:
    """The names in a text, in their order."""
    for found in _KNOWN.finditer(text):
        short = next(_SHORT[group] for group, name in found.groupdict().items() if name and group in _SHORT)
        yield Name(short, found.start(), found.end(), found["w"] is not None)
