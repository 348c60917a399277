"""spaCy's small English pipeline, to measure our speed against; spaCy isn't among our dependencies.

en_core_web_sm if it is installed. It is on no package index, so otherwise a stand-in of the same architecture (its
published config.cfg, 3.8.0), trained for a moment on three sentences: what it tags is of no use, but its matrices
are as large and its labels as many, and it takes about as many steps; that is what its time depends on.
"""

import importlib.util
import warnings
from collections.abc import Mapping
from typing import Any

NAME = "en_core_web_sm"
# The labels of the published pipeline (its README).
TAGS = (
    "$ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS PDT POS PRP PRP$ "
    "RB RBR RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX _SP ``"
)
DEPENDENCIES = (
    "ROOT acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj csubj csubjpass dative "
    "dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass nummod oprd parataxis pcomp pobj poss preconj "
    "predet prep prt punct quantmod relcl xcomp"
)
ENTITIES = (
    "CARDINAL DATE EVENT FAC GPE LANGUAGE LAW LOC MONEY NORP ORDINAL ORG PERCENT PERSON PRODUCT QUANTITY TIME "
    "WORK_OF_ART"
)
PARTS = {"N": "NOUN", "V": "VERB", "J": "ADJ", "R": "ADV", "D": "DET", "P": "PRON", "I": "ADP", "C": "CCONJ"}
# A word, its tag, its head (how many words away), its relation, its entity.
SENTENCES = """\
Police NNS 6 nsubj O|in IN -1 prep O|the DT 1 det O|city NN -2 pobj O|of IN -1 prep O|Odesa NNP -1 pobj B-GPE|\
said VBD 0 ROOT O|on IN -1 prep O|Monday NNP -1 pobj B-DATE|that IN 5 mark O|two CD 1 nummod B-CARDINAL|\
people NNS 3 nsubjpass O|had VBD 2 aux O|been VBN 1 auxpass O|hurt VBN -8 ccomp O|. . -9 punct O
Maria NNP 1 compound B-PERSON|Koval NNP 4 nsubj I-PERSON|, , -1 punct O|a DT 1 det O|spokeswoman NN -3 appos O|\
told VBD 0 ROOT O|reporters NNS -1 dobj O|it PRP 2 nsubj O|was VBD 1 aux O|closing VBG -4 ccomp O|\
the DT 2 det O|northern JJ 1 amod O|bridge NN -3 dobj O|for IN -4 prep O|three CD 1 nummod B-DATE|\
weeks NNS -2 pobj I-DATE|and CC -7 cc O|would MD 1 aux O|pay VB -9 conj O|$ $ 1 nmod B-MONEY|\
40 CD -2 dobj I-MONEY|. . -16 punct O
The DT 2 det O|International NNP 1 compound B-ORG|Committee NNP 2 nsubj I-ORG|has VBZ 1 aux O|sent VBN 0 ROOT O|\
help NN -1 dobj O|to IN -2 prep O|Egypt NNP -1 pobj B-GPE|, , -4 punct O|where WRB 2 advmod O|floods NNS 1 nsubj O|\
began VBD -4 relcl O|last JJ 1 amod B-DATE|week NN -2 npadvmod I-DATE|. . -10 punct O"""
UPDATES = 60


def pipeline() -> tuple[str, Any]:
    """What the pipeline is called in a report, and the pipeline. Raises ImportError without spaCy."""
    import spacy  # type: ignore[import-not-found]  # not among our dependencies

    warnings.filterwarnings("ignore", module="spacy")
    if importlib.util.find_spec(NAME):
        return NAME, spacy.load(NAME)
    return f"stand-in for {NAME}", stand_in()


def stand_in() -> Any:
    """A pipeline with the architecture of en_core_web_sm."""
    import spacy

    nlp = spacy.blank("en")
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "tok2vec"}
    shared = _vectors({"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500, "SPACY": 50, "IS_SPACE": 50})
    tagger = {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": False, "tok2vec": listener}
    own = _vectors({"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500})
    nlp.add_pipe("tok2vec", config={"model": shared})
    _labelled(nlp.add_pipe("tagger", config={"model": tagger}), TAGS)
    _labelled(nlp.add_pipe("parser", config={"model": _transitions("parser", listener)}), DEPENDENCIES)
    nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    _labelled(nlp.add_pipe("ner", config={"model": _transitions("ner", own)}), ENTITIES)
    _train(nlp)
    return nlp


def _vectors(rows: Mapping[str, int]) -> dict[str, Any]:
    embed = {"@architectures": "spacy.MultiHashEmbed.v2", "width": 96, "include_static_vectors": False}
    encode = {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 96, "depth": 4}
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": embed | {"attrs": list(rows), "rows": list(rows.values())},
        "encode": encode | {"window_size": 1, "maxout_pieces": 3},
    }


def _transitions(kind: str, vectors: dict[str, Any]) -> dict[str, Any]:
    settings = {"extra_state_tokens": False, "hidden_width": 64, "maxout_pieces": 2, "use_upper": True, "nO": None}
    name = "spacy.TransitionBasedParser.v2"
    return {"@architectures": name, "state_type": kind, "tok2vec": vectors, **settings}


def _labelled(pipe: Any, labels: str) -> None:
    for label in labels.split():
        pipe.add_label(label)


def _train(nlp: Any) -> None:
    """Until it parses its few sentences: untrained, it makes a sentence of every word, which takes longer."""
    from spacy.training import Example  # type: ignore[import-not-found]  # as above

    def examples() -> list[Any]:
        golds = [_gold(nlp, line) for line in SENTENCES.splitlines()]
        return [Example(nlp.make_doc(gold.text), gold) for gold in golds]

    optimiser = nlp.initialize(examples)
    parts = {tag: PARTS.get(tag[0], "X") for tag in TAGS.split()}
    nlp.get_pipe("attribute_ruler").add_patterns(
        [{"patterns": [[{"TAG": tag}]], "attrs": {"POS": part}} for tag, part in parts.items()]
    )
    for _ in range(UPDATES):
        nlp.update(examples(), sgd=optimiser)


def _gold(nlp: Any, line: str) -> Any:
    from spacy.tokens import Doc  # type: ignore[import-not-found]  # as above

    words, tags, away, relations, entities = zip(*(w.split() for w in line.split("|")), strict=True)
    heads = [place + int(steps) for place, steps in enumerate(away)]
    return Doc(nlp.vocab, words=list(words), tags=list(tags), heads=heads, deps=list(relations), ents=list(entities))
