"""The table of cases. Add a row, and `make lab` runs it; README.md tells what the columns are."""

from dataclasses import dataclass, field

from net import Router, Wire


def http(up, down, rounds=1, end="client", **more):
    return {"kind": "http", "port": 8080, "up": up, "down": down, "rounds": rounds, "end": end, **more}


def tls(up, down, rounds=1, end="client", **more):
    return {"kind": "tls", "port": 443, "up": up, "down": down, "rounds": rounds, "end": end, **more}


# Bulk both ways, requests and answers, TLS, every manner of ending.
MIXED = [http(90_000, 300), http(200, 90_000), tls(400, 60_000), tls(40_000, 900, end="server"),
         http(300, 700, rounds=6, pause_ms=4), tls(120, 500, rounds=5, end="server"), http(100, 200, end="reset")]
BULK = [http(150_000, 300), http(200, 150_000), tls(30_000, 30_000, rounds=2)]
FEW = [http(30_000, 300), http(200, 30_000), tls(400, 3_000, rounds=2)]


def nft(*rules, chain="type filter hook forward priority mangle", family="inet"):
    return "table %s lab {\n chain one {\n  %s;\n  %s\n }\n}\n" % (family, chain, "\n  ".join(rules))


def clamp(c2s=None, s2c=None):
    rules = []
    for side, value in (("left", c2s), ("right", s2c)):
        if value:
            rules.append('iifname "%s" tcp flags syn tcp option maxseg size set %d' % (side, value))
    return nft(*rules)


@dataclass
class Case:
    name: str
    title: str
    path: list
    kinds: list = field(default_factory=list)
    findings: list = field(default_factory=list)  # codes with direction that a report must have
    may_find: list = field(default_factory=list)  # and those of warn or above that it may have
    traffic: list = field(default_factory=lambda: MIXED)
    parallel: int = 2
    needs: list = field(default_factory=lambda: ["nft"])
    ip: int = 4
    offload: bool = False
    host: dict = field(default_factory=dict)  # sysctls of client and server
    mss: dict = field(default_factory=dict)  # point: (SYN, SYN/ACK), checked against the captures
    removed: list = field(default_factory=list)
    too_big: list = None  # MTUs that ICMP names
    same_segments: bool = True  # the same segments on both sides, so that losses can be counted
    fails: int = 0  # connections whose program fails
    unseen: int = 0  # connections that never reach the other end
    address: str = ""  # that the client calls, if not the server's own
    quick: bool = False

    @property
    def ports(self):
        return {443, 8080, 8443} | {flow["port"] for flow in self.traffic}

    def renaming(self):
        return {node.name for node in self.path if node.renames}

    def isn_boxes(self):
        return [{"sack": arguments.get("sack", True)} for node in self.path if isinstance(node, Wire)
                for name, arguments in node.changes if name == "IsnRandomiser"]

    def boxes_log_loss(self):
        return any(name in ("Lose", "Duplicate") for node in self.path if isinstance(node, Wire)
                   for name, _ in node.changes)


def both(code):
    return [code + " c2s", code + " s2c"]


CASES = [
    Case("none", "a wire and nothing else", [Wire([])], needs=[], quick=True,
         mss={"client": (1460, 1460), "server": (1460, 1460)}),
    Case("router", "one router", [Router()], needs=[]),
    Case("router-ipv6", "one router, IPv6", [Router()], ip=6, needs=[],
         mss={"client": (1440, 1440), "server": (1440, 1440)}),
    Case("clamp-both", "MSS clamped to 1380 both ways", [Router(nft=clamp(1380, 1380))], ["mss-clamp"],
         both("mss.clamped"), mss={"client": (1460, 1380), "server": (1380, 1460)}, quick=True),
    Case("isn-sack", "ISNs rewritten, SACK with them; 2 % lost",
         [Router(), Wire([("IsnRandomiser", {}), ("Lose", {"probability": 0.02})])], ["isn-rewriter"],
         ["isn.rewritten c2s", "isn.rewritten s2c"], may_find=both("path.lost"), traffic=BULK, needs=[], quick=True),
    Case("isn-no-sack", "ISNs rewritten, SACK not; 2 % lost",
         [Router(), Wire([("IsnRandomiser", {"sack": False}), ("Lose", {"probability": 0.02})])], ["isn-rewriter"],
         ["sack.untranslated c2s", "sack.untranslated s2c"], may_find=both("path.lost"), traffic=BULK, needs=[],
         quick=True),
    Case("rewrite-all", "addresses, ports, ISNs, timestamps and IP IDs rewritten, MSS clamped; 240 alike connections",
         [Router(), Wire([("IsnRandomiser", {}), ("Clamp", {"c2s": 1380, "s2c": 1380}),
                          ("Translate", {"client_pool": ["203.0.113.%d" % n for n in range(1, 5)],
                                         "server": "198.51.100.2"})],
                         renames=True, pool="203.0.113.0/24", delay_ms=3), Router("far")],
         ["isn-rewriter", "mss-clamp", "nat"], both("mss.clamped"),
         traffic=[tls(300, 900, same=True, pause_ms=5), http(200, 1500, same=True)] * 120, parallel=60,
         address="192.0.2.80", needs=[], quick=True),
]
