"""truth.json of a case: the configuration and the logs of boxes and programs, checked against the captures.

Nothing in it comes from the program under test.
"""

import json
from collections import Counter

from packet import MOD
from sight import Sight

WAYS = ("c2s", "s2c")
MOST_BYTES = 1 << 20  # no connection here carries more
SIDES = {"c2s": ("client", "server"), "s2c": ("server", "client")}


class Truth:
    def __init__(self, case, folder, points, client_log, server_log, box_log):
        self.case, self.folder, self.points = case, folder, points
        self.client_log, self.server_log, self.box_log = client_log, server_log, box_log
        self.checks = []

    def check(self, name, expected, observed):
        self.checks.append({"name": name, "expected": expected, "observed": observed, "ok": expected == observed})

    def logged(self, what):
        return [line for line in self.box_log if line["what"] == what]

    def make(self):
        case = self.case
        self.sights = read_captures(self.folder, self.points, case.ports)
        self.ends = [self.ends_of(one) for one in self.client_log]
        truth = {
            "schema": 1, "scenario": case.name, "title": case.title, "kinds": sorted(case.kinds),
            "ip_version": case.ip, "points": list(self.points), "captures": {},
            "offload": {"tso_gso_at_hosts": case.offload, "gro_at_hosts": case.offload},
            "clock": {"offset_s": 0.0, "drift_ppm": 0.0},
            "connections": [self.connection(one, ends) for one, ends in zip(self.client_log, self.ends)],
            "isn_delta_means": "value in the server capture minus value in the client capture, modulo 2^32",
            "nat": self.nat(), "must_pair": case.must_pair,
            "findings": sorted(case.findings), "may_find": sorted(case.may_find),
        }
        add_observations(truth, self.sights)
        truth["sack"] = self.sack(truth)
        truth["options_removed"] = self.options_removed()
        truth["loss"], truth["duplicates"] = self.loss()
        truth["icmp"] = self.icmp()
        truth["ttl_change"] = self.ttl_change()
        for what in ("split", "hold", "payload", "reset"):
            if self.logged(what):
                truth[what] = self.logged(what)
        self.compare_with_configuration(truth)
        truth["checks"] = self.checks
        truth["ok"] = all(check["ok"] for check in self.checks)
        return truth

    def ends_of(self, one):
        """The addresses and ports of both ends of a connection, for each point."""
        client = one["client"], one["server"]
        server = client
        translated = {(line["client"], line["server"]): line for line in self.logged("translate")}
        if client in translated:
            server = translated[client]["client_after"], translated[client]["server_after"]
        else:
            for line in self.server_log:
                if line["id"] == one["id"] and not one["same"]:
                    server = line["client"], line["server"]
        found, renamed = {}, False
        for point in self.points:
            node = point.rpartition("-")[0]
            renamed = renamed or point == "server" or (point.endswith("-right") and node in self.case.renaming())
            found[point] = server if renamed else client
        return found

    def connection(self, one, ends):
        server = next((line for line in self.server_log if line["id"] == one["id"]), None)
        same = bool(one["same"])
        return {
            "id": one["id"], "ends": {point: dict(zip(("client", "server"), pair)) for point, pair in ends.items()},
            "application": {"client_ok": one["ok"], "server_ok": None if same or not server else server["ok"],
                            "problem": one.get("problem")},
            "isn_delta": self.isn_delta(ends),
        }

    def isn_delta(self, ends):
        if "proxy" in self.case.kinds or "syn-proxy" in self.case.kinds:
            return None
        delta = {"c2s": 0, "s2c": 0}
        for line in self.logged("isn"):
            if (line["client"], line["server"]) in ends.values():
                delta = {way: (delta[way] + line[way]) % MOD for way in WAYS}
        return delta

    def nat(self):
        pairs = [(ends["client"], ends["server"]) for ends in self.ends]
        changed = {"source": any(a[0] != b[0] for a, b in pairs), "destination": any(a[1] != b[1] for a, b in pairs)}
        return changed if any(changed.values()) else None

    def pairs(self):
        for ends in self.ends:
            at = {point: self.sights[point].connections.get(ends[point]) for point in ("client", "server")}
            if at["client"] and at["server"]:
                yield at

    def sack(self, truth):
        configured = [node["sack"] for node in self.case.isn_boxes()]
        blocks = {point: {way: 0 for way in WAYS} for point in ("client", "server")}
        own = other = 0
        for at, connection in ((at, one) for at, one in zip(self.both(), truth["connections"]) if at):
            for way in WAYS:
                back = "s2c" if way == "c2s" else "c2s"
                delta = (connection["isn_delta"] or {}).get(back)
                for point in blocks:
                    edges = at[point].sack_edges(way)
                    blocks[point][way] += len(edges) // 2
                    isn = at[point].isn(back)
                    if not delta or isn is None or point == SIDES[way][0]:
                        continue
                    foreign = (isn + delta if point == "client" else isn - delta) % MOD
                    own += sum((edge - isn) % MOD < MOST_BYTES for edge in edges)
                    other += sum((edge - foreign) % MOD < MOST_BYTES for edge in edges)
        translated = configured[0] if configured and own + other else None
        if translated is not None:
            self.check("SACK edges behind the box are in their own sequence space", translated, other == 0 and own > 0)
        return {"translated": translated, "middlebox_would_translate": configured[0] if configured else None,
                "blocks": blocks}

    def both(self):
        for ends in self.ends:
            at = {point: self.sights[point].connections.get(ends[point]) for point in ("client", "server")}
            yield at if at["client"] and at["server"] else None

    def options_removed(self):
        removed = {}
        for name, (near, far) in {"syn": ("client", "server"), "synack": ("server", "client")}.items():
            seen = set()
            for at in self.pairs():
                before, after = at[near].options()[name], at[far].options()[name]
                if before is not None and after is not None:
                    seen |= set(before) - set(after)
            removed[name] = sorted(seen)
        return removed

    def loss(self):
        """Data segments that only one side has, by relative sequence number and length."""
        if not self.case.same_segments:
            return None, None
        lost, extra = ({"unit": "data segments that only the sender side's capture has"},
                       {"unit": "data segments that only the receiver side's capture has"})
        for way in WAYS:
            dropped = Counter((line["client"], line["server"], line["direction"]) for line in self.logged("drop"))
            near, far = SIDES[way]
            missing = more = 0
            for at in self.pairs():
                before, after = at[near].data(way), at[far].data(way)
                missing += sum((before - after).values())
                more += sum((after - before).values())
            drops = sum(count for key, count in dropped.items() if key[2] == way)
            copies = sum(line["direction"] == way for line in self.logged("duplicate"))
            if self.case.boxes_log_loss():
                self.check("segments lost less segments doubled %s: captures, log" % way, drops - copies,
                           missing - more)
                missing, more = drops, copies
            lost[way], extra[way] = missing, more
        return lost, extra

    def icmp(self):
        found = {}
        for point, sight in self.sights.items():
            for one in sight.icmp:
                key = tuple(one[name] for name in ("type", "code", "mtu", "src", "dst"))
                entry = found.setdefault(key, {**{name: value for name, value in one.items() if name != "ttl"},
                                               "seen": Counter(), "ttl": {}})
                entry["seen"][point] += 1
                entry["ttl"].setdefault(point, []).append(one["ttl"])
        for entry in found.values():
            entry["ttl"] = {point: sorted(set(values)) for point, values in entry["ttl"].items()}
        return list(found.values())

    def ttl_change(self):
        change = {}
        for way in WAYS:
            near, far = (self.sights[point].ttls(way) for point in SIDES[way])
            change[way] = far[0] - near[0] if len(near) == len(far) == 1 else None
        return change

    def compare_with_configuration(self, truth):
        case = self.case
        for point, sight in self.sights.items():
            if not case.offload:
                self.check("%s: checksums all good" % point, 0, sight.bad_checksums)
        together = [one for one in truth["connections"] if one["client_side"] and one["server_side"]]
        self.check("connections seen at both ends", len(self.client_log) - case.unseen, len(together))
        # A client that resets immediately may do so before it has read everything.
        self.check("programs that failed", case.fails, sum(not one["ok"] for one in self.client_log))
        for point, expected in case.mss.items():
            seen = {tuple(one["mss_at"][point].values()) for one in truth["connections"] if one["mss_at"].get(point)}
            self.check("MSS of SYN and SYN/ACK at %s" % point, [list(expected)], sorted(map(list, seen), key=str))
        wrong = 0
        for at, one in zip(self.both(), truth["connections"]):
            if at and one["isn_delta"] is not None:
                for way in WAYS:
                    isns = at["client"].isn(way), at["server"].isn(way)
                    wrong += None not in isns and (isns[1] - isns[0]) % MOD != one["isn_delta"][way]
        self.check("ISN deltas: captures against configuration", 0, wrong)
        if case.removed:
            self.check("options removed from the SYN", sorted(case.removed), truth["options_removed"]["syn"])
        if case.too_big is not None:
            self.check("ICMP too big: MTU", sorted(case.too_big), sorted({one["mtu"] for one in truth["icmp"]}))


def read_captures(folder, points, ports):
    return {point: Sight([folder / name for name in files], ports) for point, files in points.items()}


def add_observations(truth, sights):
    """Sets everything that depends on the contents of the captures; also used after captures were edited."""
    for point, sight in sights.items():
        truth["captures"][point] = {
            **truth["captures"].get(point, {}), "packets": sight.frames, "connections_seen": len(sight.connections),
            "opaque_packets": sight.opaque, "bad_tcp_checksums": sight.bad_checksums, "cut_packets": sight.cut}
    for connection in truth["connections"]:
        at = {point: sight.connections.get(tuple(connection["ends"][point].values()))
              for point, sight in sights.items()}
        connection["at"] = {point: one.describe() if one else None for point, one in at.items()}
        connection["mss_at"] = {point: one.mss() if one else None for point, one in at.items()}
        connection["options_at"] = {point: one.options() if one else None for point, one in at.items()}
        connection["isn"] = {point: [one.isn(way) for way in WAYS] if one else None for point, one in at.items()}
        for side in ("client", "server"):
            connection[side + "_side"] = connection["at"].get(side)
        connection["mss"] = {side + "_side": connection["mss_at"].get(side) for side in ("client", "server")}
    truth["connection_count"] = {
        "application": len(truth["connections"]),
        "paired_in_captures": sum(bool(one["client_side"] and one["server_side"]) for one in truth["connections"])}


def write(folder, truth):
    (folder / "truth.json").write_text(json.dumps(truth, indent=1, sort_keys=False) + "\n", encoding="ascii")
