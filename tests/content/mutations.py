"""Ways to spoil a true programme, each with the rules that must notice.

A mutation gets a programme as plain data and returns it spoiled, or None where it has nothing to spoil.
"""

import copy
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content.check.findings import words
from content.check.strength import weak_verbs
from content.library import Library
from content.programme import Programme
from content.source_text import Clauses, squeeze

Data = dict[str, Any]
Spoil = Callable[["Case"], Data | None]


@dataclass(frozen=True)
class Case:
    """A programme to spoil, and what may be drawn on."""

    data: Data
    library: Library
    texts: dict[str, Clauses]
    chance: random.Random

    def items(self, data: Data, *, only: str = "") -> list[Data]:
        """The sentences of `data`, of one kind (claims, before) or all."""
        lists = [data["claims"] if only != "before" else [], data["before"] if only != "claims" else []]
        for local in data["local"].values():
            lists += [local["claims"] if only != "before" else [], local["before"] if only != "claims" else []]
        return [item for items in lists for item in items]

    def one(self, fits: Callable[[Data], Any], *, only: str = "") -> tuple[Data, Data] | None:
        """A copy of the data, and one of its sentences that fits."""
        data = copy.deepcopy(self.data)
        fitting = [item for item in self.items(data, only=only) if fits(item)]
        return (data, self.chance.choice(fitting)) if fitting else None

    def year(self, item: Data) -> int:
        """The year of a sentence's document."""
        return self.library.documents[item["source"]["doc"]].year


@dataclass(frozen=True)
class Mutation:
    """What is done, and the rules of which one must notice."""

    name: str
    rules: frozenset[str]
    spoil: Spoil
    needs_texts: bool = False


MUTATIONS: list[Mutation] = []


def mutation(name: str, *rules: str, needs_texts: bool = False) -> Callable[[Spoil], Spoil]:
    """Register a mutation."""

    def register(spoil: Spoil) -> Spoil:
        MUTATIONS.append(Mutation(name, frozenset(rules), spoil, needs_texts))
        return spoil

    return register


def said_more(name: str, *rules: str, more: str | Callable[[Case, Data], str]) -> None:
    """Register a mutation that adds words to a sentence."""

    def spoil(case: Case) -> Data | None:
        found = case.one(lambda item: True)
        if found is None:
            return None
        data, item = found
        item["says"] += more if isinstance(more, str) else more(case, item)
        return data

    mutation(name, *rules)(spoil)


def set_to(name: str, *rules: str, **fields: Any) -> None:
    """Register a mutation that sets fields of the programme."""
    mutation(name, *rules)(lambda case: {**case.data, **fields})


# --- quotes


@mutation("a quote from another clause", "quote_missing", "quote_unsealed")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: True)
    if found is None:
        return None
    data, item = found
    source = item["source"]
    keys = [clause.key for clause in case.library.documents[source["doc"]].clauses]
    held = case.texts.get(source["doc"], {})
    others = [key for key in keys if squeeze(source["quote"]) not in held.get(key, "")]
    others = [key for key in others if key != source["clause"]]
    source["clause"] = case.chance.choice(others)
    return data


@mutation("a word of a quote changed", "quote_missing", "quote_unsealed")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: True)
    if found is None:
        return None
    data, item = found
    quote = item["source"]["quote"]
    at = case.chance.randrange(len(quote))
    item["source"]["quote"] = quote[:at] + "囍" + quote[at + 1 :]
    return data


@mutation("doubtful words quoted", "doubtful")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: _long_doubts(case, item))
    if found is None:
        return None
    data, item = found
    item["source"]["quote"] = case.chance.choice(_long_doubts(case, item))
    return data


def _long_doubts(case: Case, item: Data) -> list[str]:
    document = case.library.documents[item["source"]["doc"]]
    return [words_ for words_ in document.doubtful if len(squeeze(words_)) >= 4]


@mutation("a quote cut to its noun", "verb_missing", "unrelated", "who_missing", "number", "place_missing")
def _(case: Case) -> Data | None:
    table = words("strength")["kept"]

    def verb(item: Data) -> re.Match[str] | None:
        rules = [rule for rule in table if re.search(rule["says"], re.sub(r"“[^”]*”|（[^）]*）", "", item["says"]))]
        hits = [re.match(f"(?:{rule['quote']})", item["source"]["quote"]) for rule in rules]
        rest = [hit for hit in hits if hit and len(item["source"]["quote"]) - hit.end() > 4]
        return next((hit for hit in rest if _gone(rules, item["source"]["quote"][hit.end() :])), None)

    found = case.one(verb)
    if found is None:
        return None
    data, item = found
    hit = verb(item)
    item["source"]["quote"] = item["source"]["quote"][hit.end() if hit else 0 :]
    return data


def _gone(rules: list[dict[str, str]], rest: str) -> bool:
    return any(not re.search(rule["quote"], squeeze(rest)) for rule in rules)


@mutation("a weak verb cut off", "weak_verb_cut", needs_texts=True)
def _(case: Case) -> Data | None:
    def cut(item: Data) -> str:
        quote = squeeze(item["source"]["quote"])
        found = weak_verbs(quote)
        rest = quote.partition(found[0][0])[2] if found else ""
        whole = len(rest) > 4 and not weak_verbs(rest) and not re.search(r"[,;。]", quote.partition(rest)[0])
        return rest if whole else ""

    found = case.one(cut)
    if found is None:
        return None
    data, item = found
    item["source"]["quote"] = cut(item)
    return data


# --- how strong

said_more("a stronger verb", "stronger", "promise", more="这笔钱直接发给您家。")
said_more("a gift", "stronger", more="全部免费，不要钱。")
said_more("a promise", "promise", more="人人有份，一定能办成。")
said_more("an inference", "inference", more="也就是说，能领。")
said_more("a slogan", "slogan", more="感党恩。")
said_more("blame", "slogan", more="前几年不作为。")


@mutation("a weak verb told as a fact", "softener")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: weak_verbs(item["source"]["quote"]))
    if found is None:
        return None
    data, item = found
    softeners = "|".join(rule["needs"] for rule in words("strength")["weak"])
    item["says"] = re.sub(softeners, "办", re.sub(r"“[^”]*”", "", item["says"]))
    return data


# --- figures


@mutation("a changed figure", "number")
def _(case: Case) -> Data | None:
    pattern = re.compile(r"(?<![\d.“])(?!20\d\d)(\d+)(?![\d.”])")
    found = case.one(lambda item: pattern.search(re.sub(r"“[^”]*”", "", item["says"])))
    if found is None:
        return None
    data, item = found
    item["says"] = pattern.sub(lambda hit: str(int(hit[1]) * 7 + 3), item["says"])
    return data


@mutation("a figure a thousand times as big", "number")
def _(case: Case) -> Data | None:
    pattern = re.compile(r"(?<=\d)(?=[个亩处家户名头]|万亩|公里)")
    found = case.one(lambda item: pattern.search(re.sub(r"“[^”]*”", "", item["says"])))
    if found is None:
        return None
    data, item = found
    item["says"] = pattern.sub("千", item["says"], count=1)
    return data


said_more("an amount in words", "number", more="一亩说是三百元。")


@mutation("a lapsed target told as of now", "lapsed")
def _(case: Case) -> Data | None:
    documents = case.library.documents
    found = case.one(
        lambda item: (
            documents[item["source"]["doc"]].lapsed
            and "2030" not in item["source"]["quote"]
            and re.search(r"[3-9]\d{2,}|\d+万", re.sub(r"“[^”]*”|20\d\d", "", item["says"]))
        ),
        only="before",
    )
    if found is None:
        return None
    data, item = found
    data["claims"].append({"says": item["says"], "source": item["source"], "about": [], "lasting": False})
    return data


@mutation("a lapsed target called lasting", "lasting_unfounded")
def _(case: Case) -> Data | None:
    data = _lapsed(case)
    if data is None or re.search(words("strength")["rule_of"], data["claims"][-1]["source"]["quote"]):
        return None
    data["claims"][-1]["lasting"] = True
    led = data["claims"][-2:-1]
    return None if led and "2030" in led[0]["source"]["quote"] else data


_lapsed = next(one for one in MUTATIONS if one.name == "a lapsed target told as of now").spoil


@mutation("lasting where nothing lasts", "lasting_needless")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: not re.search(r"\d", item["says"]), only="claims")
    if found is None:
        return None
    data, item = found
    item["lasting"] = True
    return data


@mutation("a target without its owner", "whose_target")
def _(case: Case) -> Data | None:
    owner = words("strength")["owner"]
    found = case.one(lambda item: re.search(r"全(?:区|市)|任务", item["says"]) and _figure(item))
    if found is None:
        return None
    data, item = found
    kept = [part for part in re.split("(?<=。)", item["says"]) if not part.startswith("这")]
    item["says"] = re.sub(owner, "", "".join(kept))
    return data


def _figure(item: Data) -> bool:
    says = re.sub(r"“[^”]*”|20\d\d年?|第\d", "", item["says"])
    held = re.search(words("strength")["figure"], squeeze(item["source"]["quote"]))
    return bool(held and re.search(r"\d", says.partition("。")[0]) and not says.startswith("这"))


# --- who, where, when

said_more("another place", "place_missing", more="赤峰也这样办。")
said_more("other people", "who_missing", more="退役军人、残疾人、妇女也算。")
said_more("words put into “”", "not_verbatim", more="叫“每户一头牛工程”。")


said_more("an office that no clause names", "who_missing", more="由县民政局来发。")
said_more("a day that no document set", "number", more="明年上半年就能办完。")
said_more("a part that no document set", "number", more="国家出一半。")
said_more("only for some", "stronger", more="只给大户。")


@mutation("a ban told as a plan", "softener", "stronger", "unrelated")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: re.search(words("strength")["forbids"]["verb"], item["source"]["quote"]))
    if found is None:
        return None
    data, item = found
    item["says"] = f"{case.year(item)}年文件说，这件事要接着办好、办大。"
    return data


@mutation("a city's document told to all", "source_elsewhere")
def _(case: Case) -> Data | None:
    data = copy.deepcopy(case.data)
    ours = [local["claims"] + local["before"] for code, local in data["local"].items()]
    if not any(ours) or data["places"] != ["150000"]:
        return None
    item = case.chance.choice([item for items in ours for item in items])
    data["claims"].append({"says": item["says"], "source": item["source"], "about": [], "lasting": False})
    return data


@mutation("people shut out by ourselves", "excludes_unfounded")
def _(case: Case) -> Data | None:
    data = copy.deepcopy(case.data)
    open_ = [one for one in data["conditions"] if not re.search("严禁|禁止|不得|不|除外", one["source"]["quote"])]
    if not open_:
        return None
    case.chance.choice(open_)["excludes"] = True
    return data


@mutation("an old document told as of today", "unframed")
def _(case: Case) -> Data | None:
    data = copy.deepcopy(case.data)
    first = data["claims"][0] if data["claims"] else None
    if first is None or first["source"]["doc"] == "nmg-2026":
        return None
    first["says"] = re.sub(r"20\d\d年", "", first["says"])
    return data


@mutation("a sentence that answers no such question", "about_unsupported")
def _(case: Case) -> Data | None:
    found = case.one(
        lambda item: not re.search(r"\d+(\.\d+)?(元|块|%)|免费|免除", item["source"]["quote"]), only="claims"
    )
    if found is None:
        return None
    data, item = found
    item["about"] = ["amount"]
    return data


@mutation("an older year", "before_year")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: "year" in item, only="before")
    if found is None:
        return None
    data, item = found
    item["year"] -= 1
    return data


# --- words

said_more("officialese", "officialese", more="要统筹推进常态化机制。")
said_more(
    "a reworded fixed term",
    "fixed_term",
    more=lambda case, item: f"还说到{case.chance.choice([entry['marks'][0] for entry in words('fixed')])}。",
)
said_more(
    "a sentence without an end",
    "sentence",
    more="，而且还要接着一年一年地往下办一直办到大家伙儿都说好为止才算完事儿了这一件事情",
)


@mutation("hard words throughout", "hard_words")
def _(case: Case) -> Data | None:
    data = copy.deepcopy(case.data)
    for item in case.items(data):
        item["says"] = f"{case.year(item)}年文件说，要扎实推进衔接提升、规范培育、监管处置。"
    return data if case.items(data) else None


# --- the one line


@mutation("a bolder one line", "promise")
def _(case: Case) -> Data | None:
    return {**case.data, "one_line": case.data["one_line"][:34] + "保证给"} if case.data["one_line"] else None


@mutation("a figure in the one line", "one_line_more")
def _(case: Case) -> Data | None:
    return {**case.data, "one_line": case.data["one_line"][:32] + "给8888元"} if case.data["one_line"] else None


@mutation("another thing in the one line", "one_line_more")
def _(case: Case) -> Data | None:
    if not re.search(r"20\d\d年.*说", case.data["one_line"]):
        return None
    return {**case.data, "one_line": re.sub(r"(20\d\d年).*", r"\1文件说要挖运河、造飞船。", case.data["one_line"])}


@mutation("a one line without its year", "one_line_year")
def _(case: Case) -> Data | None:
    line = re.sub(r"20\d\d年?", "", case.data["one_line"])
    return {**case.data, "one_line": line} if line != case.data["one_line"] else None


# --- the frame

set_to("an unknown place", "number_in_place", places=("159999",))
set_to("a place elsewhere", "number_in_place", places=("310000",))
set_to("nobody to ask first", "ask_first", ask=("hotline-12345",))
set_to("an unknown contact", "unknown", ask=("village-committee", "hotline-99999"))
set_to("an unknown topic", "unknown", topic="no-such-topic")
set_to("an unknown neighbour", "unknown", related=("no-such-card",))
set_to("nothing unstated", "unstated_empty", unstated=())
set_to("few phrasings", "few_phrasings", phrasings=("这个咋办",))
set_to("content in a stub", "stub_content", standing="stub")


@mutation("local words of a place elsewhere", "local_elsewhere")
def _(case: Case) -> Data | None:
    if case.data["places"] != ["150600"] or not case.data["claims"]:
        return None
    return {**case.data, "local": {"150300": {"claims": [], "before": []}}}


@mutation("over, and still told", "standing")
def _(case: Case) -> Data | None:
    return {**case.data, "standing": "ended"} if case.data["claims"] else None


@mutation("in force by an old document", "standing")
def _(case: Case) -> Data | None:
    now = [item for item in case.data["claims"] if item["source"]["doc"] == "nmg-2026"]
    return None if now else {**case.data, "standing": "in_force"}


@mutation("in force by a clause that names only the family", "standing")
def _(case: Case) -> Data | None:
    now = [item for item in case.data["claims"] if item["source"]["doc"] == "nmg-2026"]
    return {**case.data, "standing": "in_force"} if now and case.data["standing"] == "last_word" else None


@mutation("a pilot without a trial", "standing")
def _(case: Case) -> Data | None:
    first = case.data["claims"][:1]
    return {**case.data, "standing": "pilot"} if first and not weak_verbs(first[0]["source"]["quote"]) else None


@mutation("a pilot told as in force", "standing")
def _(case: Case) -> Data | None:
    now = [item for item in case.data["claims"] if item["source"]["doc"] == "nmg-2026"]
    weak = now and all(weak_verbs(item["source"]["quote"]) for item in now)
    return {**case.data, "standing": "in_force"} if weak else None


# --- phrasings


@mutation("a phrasing of another card", "same_phrasing")
def _(case: Case) -> Data | None:
    others = [one for one in case.library.programmes.values() if one.id != case.data["id"]]
    taken = case.chance.choice(case.chance.choice(others).phrasings)
    return {**case.data, "phrasings": [*case.data["phrasings"], taken + "？"]}


@mutation("a phrasing copied from the document", "copied_phrasing")
def _(case: Case) -> Data | None:
    found = case.one(lambda item: _run(item["source"]["quote"]))
    if found is None:
        return None
    data, item = found
    data["phrasings"] = [*data["phrasings"], _run(item["source"]["quote"])]
    return data if data["phrasings"][-1] not in (data["name"], data["short"]) else None


def _run(quote: str) -> str:
    """A run of Han characters long enough to be the document's own words."""
    return max(re.findall(r"[一-鿿]{8,}", quote), key=len, default="")


def spoiled(case: Case, mutation_: Mutation) -> Programme | None:
    """Spoil a programme; None where the mutation does not apply to it."""
    data = mutation_.spoil(case)
    return None if data is None or data == case.data else Programme.model_validate(data)


def applicable(library: Library, mutation_: Mutation, texts: dict[str, Clauses], seed: int) -> Iterator[Programme]:
    """Every programme that the mutation spoils, spoiled once each."""
    chance = random.Random(seed)  # noqa: S311
    for programme in library.programmes.values():
        if not programme.is_stub:
            made = spoiled(Case(programme.model_dump(mode="json"), library, texts, chance), mutation_)
            if made is not None:
                yield made
