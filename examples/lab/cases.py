"""The table of cases. Add a row, and `make lab` runs it; README.md explains the columns."""

from dataclasses import dataclass, field

from net import Router, Wire


REFUSED = 9  # no server listens on this port


def http(up, down, rounds=1, end="client", **more):
    return {"kind": "http", "port": 8080, "up": up, "down": down, "rounds": rounds, "end": end, **more}


def tls(up, down, rounds=1, end="client", **more):
    return {"kind": "tls", "port": 443, "up": up, "down": down, "rounds": rounds, "end": end, **more}


# Bulk data in both directions, requests and responses, TLS, and every way to end a connection.
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
    findings: list = field(default_factory=list)  # codes with direction that a report must contain
    may_find: list = field(default_factory=list)  # and those of severity warn or above that it may contain
    traffic: list = field(default_factory=lambda: MIXED)
    parallel: int = 2
    needs: list = field(default_factory=lambda: ["nft"])
    ip: int = 4
    offload: bool = False
    host: dict = field(default_factory=dict)  # sysctls of client and server
    mss: dict = field(default_factory=dict)  # point: (SYN, SYN/ACK), checked against the captures
    removed: list = field(default_factory=list)
    too_big: list = None  # MTUs in ICMP "too big" messages
    same_segments: bool = True  # both sides carry the same segments, so losses can be counted
    fails: int = 0  # connections whose program fails
    unseen: int = 0  # connections that never reach the other end
    address: str = ""  # address that the client connects to, if not the server's own
    client_at: str = ""  # the point whose capture serves as the client's, if not the client
    must_pair: bool = True  # False if the captures do not show for certain which connections belong together
    quick: bool = False

    @property
    def ports(self):
        return {443, 8080, 8443, 8444, REFUSED}

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


# nftables rules and configurations that more than one row uses.
NO_ICMP = nft("icmp type destination-unreachable drop", "icmpv6 type packet-too-big drop",
              chain="type filter hook output priority 0")
MASQUERADE = nft('oifname "right" masquerade random', chain="type nat hook postrouting priority srcnat")
SYNPROXY = """table ip lab {
 chain early { type filter hook prerouting priority raw; iifname "left" tcp flags syn notrack; }
 chain proxy { type filter hook forward priority 0;
  ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
  ct state invalid drop
 }
}
"""
TPROXY = """table ip lab {
 chain divert { type filter hook prerouting priority mangle;
  iifname "right" meta l4proto tcp socket transparent 1 meta mark set 1 accept
  iifname "left" meta l4proto tcp tproxy to :5000 meta mark set 1 accept
 }
}
"""
TO_PROXY = ["ip rule add fwmark 1 lookup 100", "ip route add local default dev lo table 100"]


def haproxy(source):
    return """global
 maxconn 1000
defaults
 mode tcp
 timeout connect 5s
 timeout client 30s
 timeout server 30s
listen lab
 bind 0.0.0.0:5000 transparent
 server target 198.51.100.2 %s
""" % source


def proxy(source, **more):
    return Router("proxy", nft=TPROXY, shell=TO_PROXY, haproxy=haproxy(source), **more)


def vxlan(mtu=1450):
    """Two routers with a VXLAN tunnel between them."""
    make = "ip link add vx type vxlan id 7 remote %s dstport 4789 && ip addr add %s/30 dev vx && ip link set vx mtu %d up"
    return [Router("near", shell=[make % ("172.16.1.2", "10.99.0.1", mtu),
                                  "ip route replace 198.51.100.0/24 via 10.99.0.2"]),
            Router("far", shell=[make % ("172.16.1.1", "10.99.0.2", mtu),
                                 "ip route replace 10.10.0.0/24 via 10.99.0.1"])]


def user_tunnel(kind, mtu, near_nft=""):
    return [Router("near", tunnel="%s 172.16.1.1 172.16.1.2 198.51.100.0/24 %d" % (kind, mtu), nft=near_nft),
            Router("far", tunnel="%s 172.16.1.2 172.16.1.1 10.10.0.0/24 %d" % (kind, mtu))]


def kernel_gre():
    make = "ip link add tunnel type gre local %s remote %s && ip link set tunnel up && ip route replace %s dev tunnel"
    return [Router("near", shell=[make % ("172.16.1.1", "172.16.1.2", "198.51.100.0/24")]),
            Router("far", shell=[make % ("172.16.1.2", "172.16.1.1", "10.10.0.0/24")])]


def kernel_esp():
    state = ("ip xfrm state add src %s dst %s proto esp spi %d reqid 1 mode tunnel"
             " aead 'rfc4106(gcm(aes))' 0x0123456789012345678901234567890123456789 128")
    policy = ("ip xfrm policy add src %s dst %s dir %s tmpl src %s dst %s proto esp reqid 1 mode tunnel")
    near, far, inner, outer = "172.16.1.1", "172.16.1.2", "10.10.0.0/24", "198.51.100.0/24"

    def end(this, other, own, foreign):
        return [state % (near, far, 1), state % (far, near, 2), policy % (own, foreign, "out", this, other),
                policy % (foreign, own, "fwd", other, this), policy % (foreign, own, "in", other, this)]

    return [Router("near", shell=end(near, far, inner, outer)), Router("far", shell=end(far, near, outer, inner))]


def box(*changes, **more):
    return [Router(), Wire(list(changes), **more)]


def low_mtu(mtu, nft=""):
    """A link with a low MTU between two routers."""
    return [Router("near", mtu=mtu, nft=nft), Router("far", nft=nft)]


HANGS = [http(300, 400, rounds=3), http(20_000, 300, timeout_s=2.5), http(200, 20_000, timeout_s=2.5), http(300, 500)]
ALIKE = [tls(300, 900, same=True, pause_ms=5), http(200, 1500, same=True)] * 120
DISTINCT = [tls(300, 900, pause_ms=5), http(200, 1500)] * 120
SLOW = [http(300, 700, rounds=40, pause_ms=200), tls(100, 5_000, rounds=40, pause_ms=200),
        http(4_000, 200, rounds=40, pause_ms=200)]
# All SYNs before any data, because later SYNs would announce an MSS for the path MTU just learnt.
AT_ONCE = {"traffic": [dict(flow, wait_ms=300) for flow in MIXED], "parallel": len(MIXED)}
ECN_ON = {"net.ipv4.tcp_ecn": 1}
DEFAULT_MSS = {"client": (1460, 1460), "server": (1460, 1460)}
CLAMPED = {"client": (1460, 1380), "server": (1380, 1460)}


def rewrite_all(*more, **of_translate):
    arguments = {"client_pool": ["203.0.113.%d" % n for n in range(1, 5)], "server": "198.51.100.2", **of_translate}
    return [Router(), Wire([("IsnRandomiser", {}), ("Clamp", {"c2s": 1380, "s2c": 1380}), *more,
                            ("Translate", arguments)], renames=True, pool="203.0.113.0/24", delay_ms=3),
            Router("far")]


CASES = [
    # Nothing or little between the points
    Case("none", "a wire and nothing else", [Wire([])], needs=[], quick=True, mss=DEFAULT_MSS),
    Case("router", "one router", [Router()], needs=[], mss=DEFAULT_MSS, quick=True),
    Case("router-ipv6", "one router, IPv6", [Router()], ip=6, needs=[], quick=True,
         mss={"client": (1440, 1440), "server": (1440, 1440)}),
    Case("routers-three", "three routers, 5 ms each way", [*box(delay_ms=5), Router("second"), Router("third")],
         needs=[], mss=DEFAULT_MSS, quick=True),
    Case("slow", "eight seconds of small requests", box(), traffic=SLOW, parallel=3, needs=[]),
    Case("slow-nat", "four seconds of small requests through a NAT", [Router("nat", nft=MASQUERADE, renames=True)],
         ["nat"], traffic=[dict(flow, rounds=20) for flow in SLOW], parallel=3, needs=["nat"]),
    Case("endings", "a refused connection, resets and closes by either end", [Router()], needs=[],
         traffic=[http(100, 100, port=REFUSED), http(100, 3000, end="reset"), http(100, 3000, end="server"),
                  tls(100, 200, end="reset"), http(0, 0)], fails=1),
    Case("vlan", "a tagged link between two switches", [
        Router(), Wire([], "near", vlan_right=5), Wire([], "far", vlan_left=5)], needs=[], mss=DEFAULT_MSS),
    Case("mptcp", "multipath TCP through a router", [Router()], needs=["mptcp"],
         traffic=[http(30_000, 30_000, port=8444, mptcp=True), http(300, 300, rounds=4, port=8444, mptcp=True)]),
    Case("ecn", "ECN, left alone", [Router()], needs=[], host=ECN_ON),

    # MSS
    Case("clamp-both", "MSS clamped to 1380 both ways", [Router(nft=clamp(1380, 1380))], ["mss-clamp"],
         both("mss.clamped"), mss=CLAMPED, quick=True),
    Case("clamp-c2s", "MSS clamped to 1300 in the SYN only", [Router(nft=clamp(1300))], ["mss-clamp"],
         ["mss.clamped c2s", "mss.one-direction"], mss={"client": (1460, 1460), "server": (1300, 1460)}),
    Case("clamp-ipv6", "MSS clamped to 1220 both ways, IPv6", [Router(nft=clamp(1220, 1220))], ["mss-clamp"],
         both("mss.clamped"), ip=6, mss={"client": (1440, 1220), "server": (1220, 1440)}),
    Case("clamp-twice", "two clamps, 1400 and then 1360", [
        Router("first", nft=clamp(1400, 1400)), Router("second", nft=clamp(1360, 1360))], ["mss-clamp"],
         both("mss.clamped"), mss={"client": (1460, 1360), "server": (1360, 1460)}),
    Case("clamp-low", "MSS clamped to 300", box(("Clamp", {"c2s": 300, "s2c": 300})), ["mss-clamp"],
         [*both("mss.clamped"), *both("mss.low")], traffic=FEW, needs=[],
         mss={"client": (1460, 300), "server": (300, 1460)}),
    Case("mss-raised", "a client's MSS of 1200 raised to 1460", box(("Clamp", {"c2s": 1460, "raises": True})),
         findings=["mss.raised c2s"], may_find=["mss.violated s2c"], traffic=[dict(flow, mss=1200) for flow in FEW],
         needs=[], mss={"client": (1200, 1460), "server": (1460, 1460)}),
    Case("mss-removed", "the MSS option taken out of the SYN", box(("Clamp", {"c2s": 0})),
         findings=["mss.removed c2s"], traffic=FEW, needs=[], mss={"client": (1460, 1460), "server": (None, 1460)}),
    Case("mss-inserted", "an MSS option of 1400 put in where there was none",
         box(("Clamp", {"c2s": 0}), name="before") + [Wire([("AddMss", {"mss": 1400})])],
         findings=["mss.inserted c2s"], traffic=FEW, needs=[], client_at="before-right",
         mss={"client": (None, 1460), "server": (1400, 1460)}),

    # Sequence numbers, options, header fields
    Case("isn-sack", "ISNs rewritten, SACK with them; 2 % lost",
         box(("IsnRandomiser", {}), ("Lose", {"probability": 0.02})), ["isn-rewriter"],
         both("isn.rewritten"), both("path.lost"), BULK, needs=[], quick=True),
    Case("isn-no-sack", "ISNs rewritten, SACK not; 2 % lost",
         box(("IsnRandomiser", {"sack": False}), ("Lose", {"probability": 0.02})), ["isn-rewriter"],
         [*both("isn.rewritten"), *both("sack.untranslated")], both("path.lost"), BULK, needs=[], quick=True),
    Case("isn-c2s", "only the client's ISN rewritten", box(("IsnRandomiser", {"directions": ["c2s"]})),
         ["isn-rewriter"], ["isn.rewritten c2s"], needs=[]),
    Case("isn-ipv6", "ISNs rewritten, IPv6", box(("IsnRandomiser", {})), ["isn-rewriter"], both("isn.rewritten"),
         ip=6, needs=[]),
    Case("strip-nop", "SACK and timestamps overwritten with NOPs by nftables", [Router(nft=nft(
        "tcp flags syn reset tcp option sack-perm", "tcp flags syn reset tcp option timestamp"))],
         ["option-stripper"], ["option.removed c2s"], removed=["sackperm", "ts"]),
    Case("strip-synack", "SACK taken out of the SYN/ACK only",
         box(("Strip", {"options": ["sackperm"], "directions": ["s2c"]})), ["option-stripper"],
         ["option.removed s2c"], needs=[]),
    Case("strip-removed", "SACK, timestamps and window scale taken out, header shortened",
         box(("Strip", {"options": ["sackperm", "ts", "wscale"], "how": "remove"})), ["option-stripper"],
         ["option.removed c2s"], needs=[], removed=["sackperm", "ts", "wscale"]),
    Case("window-scale", "the server's window scale changed to 8", box(
        ("SetWindowScale", {"shift": 8, "direction": "s2c"})), findings=["option.changed s2c"], traffic=FEW, needs=[]),
    Case("dscp", "DSCP set to CS1", [Router(nft=nft("ip dscp set cs1"))], findings=both("dscp.changed")),
    Case("ecn-bleached", "ECT and CE cleared", [Router(nft=nft("ip ecn set not-ect"))], findings=["ecn.bleached"],
         host=ECN_ON),
    Case("ecn-refused", "ECE and CWR taken out of the handshake", box(("BleachEcn", {"what": "tcp"})),
         findings=["ecn.bleached"], host=ECN_ON, needs=[]),
    Case("ttl-reset", "TTL set to 255", [Router(nft=nft("ip ttl set 255"))], findings=both("ttl.reset")),

    # NAT and proxies
    Case("nat-source", "masquerading, other ports", [Router("nat", nft=MASQUERADE, renames=True)], ["nat"],
         needs=["nat"], quick=True),
    Case("nat-destination", "a virtual address and port", [Router("nat", renames=True, nft=nft(
        "ip daddr 192.0.2.80 tcp dport 8443 dnat ip to 198.51.100.2:443", "ip daddr 192.0.2.80 dnat ip to 198.51.100.2",
        chain="type nat hook prerouting priority dstnat"))], ["nat"], needs=["nat"], address="192.0.2.80",
         traffic=[dict(flow, port=8443 if flow["port"] == 443 else flow["port"]) for flow in MIXED]),
    Case("nat-clamp-isn", "NAT, then a clamp, then ISNs rewritten", [
        Router("nat", nft=MASQUERADE, renames=True), Router("clamp", nft=clamp(1400, 1400)),
        Wire([("IsnRandomiser", {})]), Router("far")], ["nat", "mss-clamp", "isn-rewriter"],
         [*both("mss.clamped"), *both("isn.rewritten")], needs=["nat"],
         mss={"client": (1460, 1400), "server": (1400, 1460)}),
    Case("synproxy", "the kernel's SYNPROXY", [Router("synproxy", nft=SYNPROXY, sysctl={
        "net.netfilter.nf_conntrack_tcp_loose": 0})], ["syn-proxy"], may_find=[
            "isn.rewritten s2c", *both("option.changed"), "mss.clamped s2c"], needs=["synproxy"]),
    Case("proxy-tproxy", "haproxy, addresses and ports kept", [proxy("source 0.0.0.0 usesrc client")], ["proxy"],
         needs=["tproxy", "haproxy"], same_segments=False, quick=True),
    Case("proxy-ports", "haproxy, addresses kept, ports not", [proxy("source 0.0.0.0 usesrc clientip", renames=True)],
         ["proxy"], needs=["tproxy", "haproxy"], same_segments=False),
    Case("proxy-own-address", "haproxy that calls from its own address", [proxy("", renames=True)], ["proxy"],
         needs=["tproxy", "haproxy"], same_segments=False),
    Case("rewrite-all", "addresses, ports, ISNs, timestamps and IP IDs rewritten, MSS clamped; 240 connections",
         rewrite_all(), ["isn-rewriter", "mss-clamp", "nat"], both("mss.clamped"), traffic=DISTINCT, parallel=60,
         address="192.0.2.80", needs=[], quick=True),
    Case("rewrite-all-alike", "the same, and nothing in the payload tells the 240 connections apart",
         rewrite_all(), ["isn-rewriter", "mss-clamp", "nat"], ["match.ambiguous"],
         both("mss.clamped"), ALIKE, parallel=60,
         address="192.0.2.80", needs=[], must_pair=False, quick=True),
    Case("rewrite-all-shuffled", "the same, and SYNs are held back up to 40 ms, so that even their order differs",
         rewrite_all(("HoldSyn", {"most_ms": 40})), ["isn-rewriter", "mss-clamp", "nat"], ["match.ambiguous"],
         both("mss.clamped"), ALIKE, parallel=60, address="192.0.2.80", needs=[], must_pair=False),
    Case("rewrite-all-shuffled-distinct", "240 distinct connections, everything rewritten, SYNs in another order",
         rewrite_all(("HoldSyn", {"most_ms": 40})), ["isn-rewriter", "mss-clamp", "nat"], both("mss.clamped"),
         traffic=DISTINCT, parallel=60, address="192.0.2.80", needs=[]),
    Case("rewrite-all-ipv6", "everything rewritten, IPv6", [
        Router(), Wire([("IsnRandomiser", {}), ("Translate", {"client_pool": ["2001:db8:99::1", "2001:db8:99::2"],
                                                              "server": "2001:db8:f::2"})],
                       renames=True, pool="2001:db8:99::/64"), Router("far")],
         ["isn-rewriter", "nat"], ip=6, traffic=DISTINCT[:40], parallel=20, address="2001:db8:80::80", needs=[]),
    Case("rewrite-all-lossy", "the same, 240 distinct connections, 1 % lost",
         rewrite_all(("Lose", {"probability": 0.01})), ["isn-rewriter", "mss-clamp", "nat"], both("mss.clamped"),
         both("path.lost"), DISTINCT, parallel=60, address="192.0.2.80", needs=[]),
    Case("rewrite-ports-timestamps-kept", "addresses, ports and ISNs rewritten, timestamps and IP IDs kept; alike",
         rewrite_all(timestamps=False, ip_ids=False), ["isn-rewriter", "mss-clamp", "nat"], both("mss.clamped"),
         traffic=ALIKE, parallel=60, address="192.0.2.80", needs=[]),

    # Path MTU and tunnels
    Case("pmtud-works", "a link of MTU 1400, ICMP comes back", low_mtu(1400), findings=both("pmtud.too-big"),
         **AT_ONCE,
         may_find=both("path.lost"), needs=[], too_big=[1400], quick=True),
    Case("pmtud-works-ipv6", "a link of MTU 1400, ICMPv6 comes back", low_mtu(1400), ip=6, needs=[],
         findings=both("pmtud.too-big"), **AT_ONCE, may_find=both("path.lost"), too_big=[1400]),
    Case("pmtud-blackhole", "a link of MTU 1400, ICMP suppressed", low_mtu(1400, NO_ICMP), ["blackhole"],
         both("pmtud.blackhole"), both("path.lost"), HANGS, parallel=4, too_big=[], fails=2, quick=True),
    Case("pmtud-clamp-insufficient", "MSS clamped to 1380 before a link of MTU 1400", [
        Router("near", mtu=1400, nft=clamp(1380, 1380)), Router("far")], ["mss-clamp"],
         [*both("mss.clamped"), *both("pmtud.clamp-insufficient"), *both("pmtud.too-big")], both("path.lost"),
         too_big=[1400], mss=CLAMPED, **AT_ONCE),
    Case("tunnel-vxlan", "VXLAN, MTU 1450", vxlan(), ["tunnel"], both("pmtud.too-big"),
         may_find=both("path.lost"), **AT_ONCE,
         needs=["vxlan"], too_big=[1450]),
    Case("tunnel-gre", "GRE in user space, MTU 1476", user_tunnel("gre", 1476), ["tunnel"], both("pmtud.too-big"),
         may_find=both("path.lost"), **AT_ONCE, needs=["tun"], too_big=[1476], quick=True),
    Case("tunnel-esp", "ESP in user space, MTU 1446", user_tunnel("esp", 1446), ["tunnel"], both("pmtud.too-big"),
         may_find=both("path.lost"), **AT_ONCE, needs=["tun"], too_big=[1446]),
    Case("tunnel-esp-clamped", "ESP in user space, MSS clamped to 1380", user_tunnel("esp", 1446, clamp(1380, None)
         .replace("}\n}", ' oifname "left" tcp flags syn tcp option maxseg size set 1380\n }\n}')),
         ["tunnel", "mss-clamp"], both("mss.clamped"), needs=["tun", "nft"], too_big=[], mss=CLAMPED),
    Case("tunnel-gre-kernel", "the kernel's GRE", kernel_gre(), ["tunnel"], both("pmtud.too-big"),
         may_find=both("path.lost"), **AT_ONCE,
         needs=["gre"], too_big=[1476]),
    Case("tunnel-esp-kernel", "the kernel's IPsec", kernel_esp(), ["tunnel"], both("pmtud.too-big"),
         may_find=both("path.lost"), **AT_ONCE, needs=["esp"]),

    # Offload: captures on the hosts hold segments that were never on a wire
    Case("offload", "TSO, GSO and GRO on at the hosts", [Router()], offload=True, needs=[], traffic=BULK,
         same_segments=False, quick=True),
    Case("offload-clamp-isn", "offload at the hosts, MSS clamped, ISNs rewritten", [
        Router(nft=clamp(1380, 1380)), Wire([("IsnRandomiser", {})]), Router("far")], ["mss-clamp", "isn-rewriter"],
         [*both("mss.clamped"), *both("isn.rewritten")], offload=True, same_segments=False, traffic=BULK, mss=CLAMPED),
    Case("offload-loss", "offload at the hosts, 2 % lost", [*box(("Lose", {"probability": 0.02})), Router("far")],
         offload=True, may_find=both("path.lost"), same_segments=False, traffic=BULK, needs=[]),

    # What a path does to segments
    Case("loss", "3 % lost both ways", box(("Lose", {"probability": 0.03})), findings=both("path.lost"),
         traffic=BULK, needs=[], quick=True),
    Case("loss-nft", "every 40th large packet dropped by nftables", [Router(nft=nft(
        "meta length > 500 numgen inc mod 40 0 drop"))], findings=both("path.lost"), traffic=BULK),
    Case("loss-netem", "2 % lost, 5 ms, by netem", [Router(shell=[
        "tc qdisc add dev right root netem loss 2% delay 5ms"])], findings=["path.lost c2s"], traffic=BULK,
         needs=["netem"]),
    Case("syn-lost", "the first SYN of each connection lost", box(("LoseSyn", {})), traffic=FEW, parallel=3, needs=[]),
    Case("synack-lost", "the first SYN/ACK of each connection lost", box(("LoseSyn", {"direction": "s2c"})),
         traffic=FEW, parallel=3, needs=[]),
    Case("duplicates", "2 % of the data segments doubled", box(("Duplicate", {"probability": 0.02})), traffic=BULK,
         needs=[], findings=both("path.duplicated")),
    Case("reordering", "3 % of the data segments held back 3 ms", box(("Reorder", {"probability": 0.03})),
         traffic=BULK, needs=[], findings=both("path.reordered")),
    Case("jitter", "up to 20 ms of varying delay", box(("Jitter", {"most_ms": 20})), needs=[]),
    Case("resegmented", "segments above 1000 bytes cut in pieces", box(("Split", {"size": 1000})),
         findings=both("path.resegmented"), same_segments=False, traffic=BULK, needs=[]),
    Case("all-at-once", "loss, duplicates, reordering, ISNs rewritten, clamp", box(
        ("Clamp", {"c2s": 1360, "s2c": 1360}), ("IsnRandomiser", {}), ("Reorder", {"probability": 0.02}),
        ("Lose", {"probability": 0.02}), ("Duplicate", {"probability": 0.01})), ["mss-clamp", "isn-rewriter"],
         [*both("mss.clamped"), *both("isn.rewritten")], both("path.lost"), BULK, needs=[]),

    # What a path does to connections and what they carry
    Case("payload", "two bytes of a request changed", box(("Payload", {"old": "/item/0", "new": "/item/9"})),
         findings=["payload.modified c2s"], traffic=MIXED, needs=[]),
    Case("alg", "a name in the payload replaced by a shorter one", box(
        ("Payload", {"old": "Host: lab.example", "new": "Host: b.example"})), ["alg"],
         ["payload.modified c2s"], same_segments=False, needs=[], may_find=["isn.delta-changed c2s"]),
    Case("reset-injected", "a box resets downloads after 20 segments", box(
        ("InjectReset", {"after": 20, "port": 8080})), findings=["rst.injected s2c"], needs=[], same_segments=False,
         traffic=[http(200, 90_000), tls(400, 20_000), http(200, 300, rounds=2)], fails=1),
    Case("blocked", "SYNs to one port dropped", [Router(nft=nft('iifname "left" tcp dport 8443 drop'))],
         findings=["connection.one-sided"], traffic=[*FEW, http(100, 100, port=8443, timeout_s=1.5)], fails=1,
         unseen=1),
]
