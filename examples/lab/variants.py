"""The table of variants: cases whose captures are edited afterwards, as wrong clocks, capture tools and mirrors do.

Each edit takes the records of one point's capture, returns the edited records, and notes what truth.json must contain.
"""

import json
import random
import shutil
from dataclasses import dataclass, field

import pcap
import truth
from cases import both
from net import Failed
from sight import Sight


@dataclass
class Variant:
    name: str
    title: str
    of: str
    edits: list  # (point, edit, {arguments})
    findings: list = field(default_factory=list)  # in addition to the case's
    not_findings: list = field(default_factory=list)  # findings of the case that a report may now lack
    may_find: list = field(default_factory=list)
    hidden: list = field(default_factory=list)  # kinds of the case that the captures may no longer show
    must_pair: bool = True
    order: tuple = ("client", "server")
    quick: bool = False


class Edits:
    """The edits of one variant. The random generator has a fixed seed."""

    def __init__(self, folder, facts):
        self.folder, self.facts, self.random = folder, facts, random.Random(1)

    def note(self, what, point, value):
        self.facts.setdefault(what, {})[point] = value

    def clock(self, point, records, offset_s=0.0, drift_ppm=0.0):
        first = records[0].time_ns
        for record in records:
            record.time_ns += int(offset_s * 1e9 + (record.time_ns - first) * drift_ppm / 1e6)
        clock = self.facts["clock"]
        sign = 1 if point == "server" else -1
        clock["offset_s"] += sign * offset_s
        clock["drift_ppm"] += sign * drift_ppm
        return records

    def coarse(self, point, records, unit_us):
        for record in records:
            record.time_ns -= record.time_ns % (unit_us * 1000)
        self.note("time_resolution_us", point, unit_us)
        return records

    def retime(self, point, records, step_us):
        """Replaces the times by invented ones, with the same step between any two packets."""
        for number, record in enumerate(records):
            record.time_ns = records[0].time_ns + number * step_us * 1000
        self.note("times_invented", point, True)
        self.facts["clock"] = None
        return records

    def cut(self, point, records, snaplen):
        for record in records:
            record.frame = record.frame[:snaplen]
        self.note("snaplen", point, snaplen)
        return records

    def miss(self, point, records, share):
        """Removes frames: they were on the wire, but the capture lost them."""
        missed = {number for number in range(len(records)) if self.random.random() < share}
        self.note("missed_frames", point, [number + 1 for number in sorted(missed)])
        return [record for number, record in enumerate(records) if number not in missed]

    def mirror(self, point, records, later_us=3):
        """Doubles every frame, as a mirror of both directions of a port does."""
        doubled = []
        for record in records:
            doubled += [record, pcap.Record(record.time_ns + later_us * 1000, record.frame[:], record.length)]
        self.note("mirrored", point, "every frame twice")
        return sorted(doubled, key=lambda record: record.time_ns)

    def both_sides(self, point, records, of):
        """Holds every packet before and after routing, as a mirror of two ports does."""
        merged = [record for other in of for record in pcap.read(self.folder / (other + ".pcap"))]
        self.note("mirrored", point, "before and after routing")
        return sorted(merged, key=lambda record: record.time_ns)

    def late(self, point, records, share):
        """Starts the capture after this share of its time."""
        first, last = records[0].time_ns, records[-1].time_ns
        since = first + int((last - first) * share)
        self.note("started_late", point, share)
        return [record for record in records if record.time_ns >= since]


def make(variant, out):
    source = out / variant.of
    if not (source / "truth.json").exists():
        raise Failed("its case %s is not there" % variant.of)
    facts = json.loads((source / "truth.json").read_text(encoding="ascii"))
    place = out / variant.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    edits = Edits(source, facts)
    records = {point: pcap.read(source / (point + ".pcap")) for point in ("client", "server")}
    defaults = {"split": 1, "cut_short": 0}
    settings = {point: dict(defaults) for point in records}
    for point, name, arguments in variant.edits:
        if name in defaults:
            settings[point][name] = arguments["to"]
        else:
            records[point] = getattr(edits, name)(point, records[point], **arguments)
    facts.update(scenario=variant.name, title=variant.title, variant_of=variant.of, points=["client", "server"],
                 order=list(variant.order), captures={},
                 findings=sorted({*facts["findings"], *variant.findings} - set(variant.not_findings)),
                 may_find=sorted({*facts["may_find"], *variant.may_find, *variant.not_findings}))
    facts["kinds"] = sorted(set(facts["kinds"]) - set(variant.hidden))
    facts["hidden_kinds"] = variant.hidden
    facts["must_pair"] = facts["must_pair"] and variant.must_pair
    files = {point: write(place, point, records[point], **settings[point]) for point in records}
    ports = {int(one["ends"]["server"]["server"].rpartition(":")[2]) for one in facts["connections"]}
    ports |= {int(one["ends"]["client"]["server"].rpartition(":")[2]) for one in facts["connections"]}
    for one in facts["connections"]:
        one["ends"] = {point: one["ends"][point] for point in files}
    truth.add_observations(facts, {point: Sight([place / name for name in names], ports)
                                   for point, names in files.items()})
    for point, names in files.items():
        facts["captures"][point]["files"] = names
    truth.write(place, facts)
    return facts


def write(place, point, records, split, cut_short):
    names = [point + ".pcap"] if split == 1 else ["%s-%d.pcap" % (point, number) for number in range(1, split + 1)]
    each = -(-len(records) // split)
    for number, name in enumerate(names):
        pcap.write(place / name, records[number * each : (number + 1) * each])
    if cut_short:
        last = place / names[-1]
        last.write_bytes(last.read_bytes()[:-cut_short])
    return names


def server(edit, **arguments):
    return ("server", edit, arguments)


def client(edit, **arguments):
    return ("client", edit, arguments)


VARIANTS = [
    Variant("clock-offset", "the server's clock is 17.3 s ahead", "clamp-both", [server("clock", offset_s=17.3)],
            quick=True),
    Variant("clock-behind", "the server's clock is an hour behind", "isn-sack", [server("clock", offset_s=-3600.25)]),
    Variant("clock-drift", "the server's clock is 2 s ahead and gains 400 ppm", "slow",
            [server("clock", offset_s=2.0, drift_ppm=400.0)]),
    Variant("time-coarse", "the server's capture knows milliseconds only", "router", [server("coarse", unit_us=1000)]),
    Variant("time-invented", "every frame of the server's capture 10 us after the one before", "router",
            [server("retime", step_us=10)]),
    Variant("snaplen-68", "both captures cut at 68 bytes", "isn-sack",
            [client("cut", snaplen=68), server("cut", snaplen=68)], may_find=["capture.snaplen"], quick=True),
    Variant("snaplen-96", "the server's capture cut at 96 bytes", "clamp-both", [server("cut", snaplen=96)]),
    Variant("missed-server", "the server's capture lacks 2 % of its frames", "routers-three",
            [server("miss", share=0.02)], ["capture.missed-packets"], quick=True),
    Variant("missed-both", "both captures lack 2 % of their frames", "routers-three",
            [client("miss", share=0.02), server("miss", share=0.02)], ["capture.missed-packets"]),
    Variant("missed-and-lost", "2 % of the server's frames missed, 3 % of the segments lost", "loss",
            [server("miss", share=0.02)], ["capture.missed-packets"]),
    Variant("mirrored", "the server's frames all twice", "routers-three", [server("mirror")], ["capture.duplicates"],
            quick=True),
    Variant("mirrored-routed", "the server's capture has each packet before and after routing", "router",
            [server("both_sides", of=["router-left", "router-right"])], ["capture.duplicates"]),
    Variant("late-server", "the server's capture starts when a third is over", "clamp-both",
            [server("late", share=0.33)], may_find=["connection.one-sided"], not_findings=both("mss.clamped"),
            hidden=["mss-clamp"]),
    Variant("late-both", "both captures start in the middle", "slow", [client("late", share=0.4),
                                                                     server("late", share=0.4)],
            ["capture.no-handshake"]),
    Variant("late-nat", "both captures start in the middle, behind a NAT", "slow-nat",
            [client("late", share=0.4), server("late", share=0.4)], ["capture.no-handshake"]),
    Variant("split-files", "the server's capture in three files", "clamp-both", [server("split", to=3)]),
    Variant("cut-short", "the server's capture ends inside a packet", "router", [server("cut_short", to=21)],
            ["capture.cut-short"]),
    Variant("swapped", "the points given in the wrong order", "routers-three", [], ["capture.swapped"],
            order=("server", "client")),
    Variant("rewrite-all-behind", "everything rewritten, and the server's clock two hours behind", "rewrite-all",
            [server("clock", offset_s=-7200.0)], quick=True),
    Variant("rewrite-all-late", "everything rewritten, and both captures start late", "rewrite-all",
            [client("late", share=0.3), server("late", share=0.3)], may_find=["connection.one-sided"],
            must_pair=False),
    Variant("everything-wrong", "clock 5 s ahead and fast, cut at 128 bytes, 1 % missed, mirrored, started late",
            "isn-sack", [server("miss", share=0.01), server("mirror"), server("late", share=0.1),
                         server("cut", snaplen=128), server("clock", offset_s=5.0, drift_ppm=50.0)],
            ["capture.missed-packets", "capture.duplicates"], may_find=["connection.one-sided"]),
]
