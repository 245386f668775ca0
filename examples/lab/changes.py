"""What a box in the wire can do to packets. Each change is called with (direction, packet) and returns the packets
to forward, as (direction, packet, delay in seconds). `note` writes to the box's log, from which truth.json is made.

Changes are applied in table order for c2s and in reverse order for s2c, as if they were a chain of boxes.
"""

import random
import socket
import time

from packet import (ACK, CWR, ECE, MOD, MSS, RST, SACK_PERMITTED, SYN, TIMESTAMPS, WSCALE, address_text)

KINDS = {"mss": MSS, "wscale": WSCALE, "sackperm": SACK_PERMITTED, "ts": TIMESTAMPS}
NOP = 1


def on(packet, delay=0.0, direction=None):
    return [(direction, packet, delay)]


def text(end):
    raw, port = end
    return ("%s:%d" if len(raw) == 4 else "[%s]:%d") % (address_text(raw), port)


class Change:
    """Identifies each connection by its two ends, as they are on the client's side of this change."""

    def __init__(self, note):
        self.note = note
        self.connections = {}

    def key(self, direction, packet):
        ends = packet.endpoints
        return ends if direction == "c2s" else ends[::-1]

    def about(self, direction, packet, what, **facts):
        client, server = self.key(direction, packet)
        self.note(what, direction=direction, client=text(client), server=text(server), seq=packet.seq,
                  bytes=packet.payload_bytes, **facts)

    def __call__(self, direction, packet):
        return [(way or direction, made, delay) for way, made, delay in self.apply(direction, packet)]

    def apply(self, direction, packet):
        raise NotImplementedError


class IsnRandomiser(Change):
    """Adds a random number to all sequence numbers of a connection and direction, to SACK edges only if `sack`."""

    def __init__(self, note, directions=("c2s", "s2c"), sack=True):
        super().__init__(note)
        self.directions, self.sack = directions, sack

    def apply(self, direction, packet):
        key = self.key(direction, packet)
        if key not in self.connections:
            self.connections[key] = {
                way: random.randrange(1, MOD) if way in self.directions else 0 for way in ("c2s", "s2c")
            }
            self.note("isn", client=text(key[0]), server=text(key[1]), **self.connections[key])
        delta = self.connections[key]
        own, other = (delta["c2s"], delta["s2c"]) if direction == "c2s" else (-delta["s2c"], -delta["c2s"])
        packet.seq += own
        if packet.flags & ACK:
            packet.ack += other
        if self.sack:
            for at in packet.sack_edges():
                packet.put(at, 4, (packet.number(at, 4) + other) % MOD)
        return on(packet)


class Clamp(Change):
    """Lowers the MSS, as routers do; with `raises` sets it to the limit in any case; 0 removes the option."""

    def __init__(self, note, c2s=None, s2c=None, raises=False):
        super().__init__(note)
        self.limit, self.raises = {"c2s": c2s, "s2c": s2c}, raises

    def apply(self, direction, packet):
        limit, found = self.limit[direction], packet.option(MSS)
        if packet.flags & SYN and limit is not None and found:
            if limit == 0:
                packet.replace(found[0], found[0] + 4, b"")
            elif self.raises or packet.mss > limit:
                packet.put(found[0] + 2, 2, limit)
        return on(packet)


class Strip(Change):
    """Removes options from SYNs: overwrites them with NOPs, or shortens the header."""

    def __init__(self, note, options, directions=("c2s", "s2c"), how="nop"):
        super().__init__(note)
        self.kinds, self.directions, self.how = [KINDS[name] for name in options], directions, how

    def apply(self, direction, packet):
        if packet.flags & SYN and direction in self.directions:
            kept = bytearray(packet.frame[packet.tcp + 20 : packet.data_at])
            for kind, at, length in list(packet.options())[::-1]:
                if kind in self.kinds:
                    first = at - packet.tcp - 20
                    kept[first : first + length] = bytes([NOP]) * (length if self.how == "nop" else 0)
            while len(kept) % 4:
                kept.append(0)
            packet.replace(packet.tcp + 20, packet.data_at, kept)
        return on(packet)


class AddMss(Change):
    """Adds an MSS option to SYNs that have none."""

    def __init__(self, note, mss):
        super().__init__(note)
        self.mss = mss

    def apply(self, direction, packet):
        if packet.flags & SYN and packet.mss is None:
            packet.replace(packet.tcp + 20, packet.tcp + 20, bytes([MSS, 4]) + self.mss.to_bytes(2, "big"))
        return on(packet)


class SetWindowScale(Change):
    def __init__(self, note, shift, direction):
        super().__init__(note)
        self.shift, self.direction = shift, direction

    def apply(self, direction, packet):
        found = packet.option(WSCALE)
        if packet.flags & SYN and direction == self.direction and found:
            packet.frame[found[0] + 2] = self.shift
        return on(packet)


class Dscp(Change):
    def __init__(self, note, dscp):
        super().__init__(note)
        self.dscp = dscp

    def apply(self, direction, packet):
        packet.traffic_class = self.dscp << 2 | packet.traffic_class & 3
        return on(packet)


class BleachEcn(Change):
    """Clears ECN: with what = "ip" the two bits of the IP header, with "tcp" ECE and CWR of the handshake."""

    def __init__(self, note, what):
        super().__init__(note)
        self.what = what

    def apply(self, direction, packet):
        if "ip" in self.what:
            packet.traffic_class &= ~3
        if "tcp" in self.what and packet.flags & SYN:
            packet.flags &= ~(ECE | CWR)
        return on(packet)


class Ttl(Change):
    """Lowers the TTL, as routers do, or sets it to a value."""

    def __init__(self, note, lower=0, to=None):
        super().__init__(note)
        self.lower, self.to = lower, to

    def apply(self, direction, packet):
        packet.ttl = packet.ttl - self.lower if self.to is None else self.to
        return on(packet)


class Lose(Change):
    """Drops data segments: each with a probability, every n-th, or those in IP packets larger than `largest` bytes."""

    def __init__(self, note, probability=0.0, every=0, directions=("c2s", "s2c"), largest=None):
        super().__init__(note)
        self.probability, self.every, self.directions = probability, every, directions
        self.largest = largest
        self.seen = {"c2s": 0, "s2c": 0}

    def apply(self, direction, packet):
        if packet.payload_bytes and direction in self.directions:
            self.seen[direction] += 1
            too_large = self.largest is not None and packet.end - packet.ip > self.largest
            nth = self.every and self.seen[direction] % self.every == 0
            if too_large or nth or random.random() < self.probability:
                self.about(direction, packet, "drop")
                return []
        return on(packet)


class LoseSyn(Change):
    """Drops the first SYN of each connection, or its first SYN/ACK (direction s2c)."""

    def __init__(self, note, direction="c2s"):
        super().__init__(note)
        self.direction = direction

    def apply(self, direction, packet):
        key = self.key(direction, packet)
        if packet.flags & SYN and direction == self.direction and key not in self.connections:
            self.connections[key] = True
            self.about(direction, packet, "drop-syn")
            return []
        return on(packet)


class Duplicate(Change):
    def __init__(self, note, probability, directions=("c2s", "s2c")):
        super().__init__(note)
        self.probability, self.directions = probability, directions

    def apply(self, direction, packet):
        if packet.payload_bytes and direction in self.directions and random.random() < self.probability:
            self.about(direction, packet, "duplicate")
            return [(direction, packet, 0.0), (direction, packet.copy(), 0.0003)]
        return on(packet)


class Reorder(Change):
    """Delays single data segments, so that later ones overtake them."""

    def __init__(self, note, probability, hold_ms=3, directions=("c2s", "s2c")):
        super().__init__(note)
        self.probability, self.hold_ms, self.directions = probability, hold_ms, directions

    def apply(self, direction, packet):
        if packet.payload_bytes and direction in self.directions and random.random() < self.probability:
            self.about(direction, packet, "hold")
            return on(packet, self.hold_ms / 1000)
        return on(packet)


class HoldSyn(Change):
    """Delays each SYN for a random time, so that their order differs behind the box."""

    def __init__(self, note, most_ms):
        super().__init__(note)
        self.most_ms = most_ms

    def apply(self, direction, packet):
        first = packet.flags & SYN and direction == "c2s"
        return on(packet, random.random() * self.most_ms / 1000 if first else 0.0)


class Jitter(Change):
    """Adds a delay that differs from packet to packet but never lets one overtake another."""

    def __init__(self, note, most_ms):
        super().__init__(note)
        self.most_ms, self.last = most_ms, {"c2s": 0.0, "s2c": 0.0}

    def apply(self, direction, packet):
        now = time.monotonic()
        until = max(self.last[direction], now + random.random() * self.most_ms / 1000)
        self.last[direction] = until
        return on(packet, until - now)


class Split(Change):
    """Cuts data segments longer than `size` bytes into pieces, as a box does that resegments."""

    def __init__(self, note, size):
        super().__init__(note)
        self.size = size

    def apply(self, direction, packet):
        pieces, data = [], packet.payload
        if packet.flags & (SYN | RST) or len(data) <= self.size:
            return on(packet)
        self.about(direction, packet, "split")
        for first in range(0, len(data), self.size):
            piece = packet.copy()
            piece.replace(piece.data_at, piece.end, data[first : first + self.size])
            piece.seq += first
            pieces.append((direction, piece, 0.0))
        return pieces


class Payload(Change):
    """Replaces bytes in the payload. If the length changes, later sequence numbers shift, as with an ALG."""

    def __init__(self, note, old, new, direction="c2s"):
        super().__init__(note)
        self.old, self.new, self.direction = old.encode(), new.encode(), direction
        self.growth = len(new) - len(old)

    def apply(self, direction, packet):
        # For each connection, the sequence numbers from which on the growth applies.
        edits = self.connections.setdefault(self.key(direction, packet), [])
        if direction == self.direction:
            self.edit(direction, packet, edits)
        elif packet.flags & ACK and self.growth:
            packet.ack = self.back(packet.ack, edits)
            for at in packet.sack_edges():
                packet.put(at, 4, self.back(packet.number(at, 4), edits))
        return on(packet)

    def edit(self, direction, packet, edits):
        data, seq = packet.payload, packet.seq
        shift = sum(self.growth for edge in edits if (seq - edge) % MOD < MOD // 2)
        found = data.find(self.old)
        if found >= 0:
            edge = (seq + found + len(self.old)) % MOD
            if edge not in edits:
                edits.append(edge)
            self.about(direction, packet, "payload", at=found)
            packet.replace(packet.data_at, packet.end, data.replace(self.old, self.new, 1))
        if self.growth:
            packet.seq += shift

    def back(self, number, edits):
        for edge in sorted(edits):
            if (number - self.growth - edge) % MOD < MOD // 2:
                number = (number - self.growth) % MOD
        return number


class InjectReset(Change):
    """Sends the receiver a RST after the n-th data segment of a direction, as if the sender had sent it."""

    def __init__(self, note, after, direction="s2c", port=None, ttl=250):
        super().__init__(note)
        self.after, self.direction, self.port, self.ttl = after, direction, port, ttl

    def apply(self, direction, packet):
        key = self.key(direction, packet)
        if direction != self.direction or not packet.payload_bytes or self.port not in (None, key[1][1]):
            return on(packet)
        count = self.connections[key] = self.connections.get(key, 0) + 1
        if count != self.after:
            return on(packet)
        reset = packet.copy()
        reset.replace(reset.tcp + 20, reset.end, b"")
        reset = type(packet).parse(reset.frame)
        reset.frame[reset.tcp + 12] = 5 << 4
        reset = type(packet).parse(reset.frame)
        reset.seq += packet.payload_bytes
        reset.flags = RST | ACK
        reset.ttl = self.ttl
        self.about(direction, packet, "reset")
        return [(direction, packet, 0.0), (direction, reset, 0.0)]


class Translate(Change):
    """Gives every connection other addresses, ports, TCP timestamps and IP IDs, so that little is left to pair by."""

    def __init__(self, note, client_pool, server, ports=True, timestamps=True, ip_ids=True):
        super().__init__(note)
        self.pool = [socket.inet_pton(self.family(one), one) for one in client_pool]
        self.server = server and socket.inet_pton(self.family(server), server)
        self.ports, self.timestamps, self.ip_ids = ports, timestamps, ip_ids
        self.outside = {}
        self.next_ip_id = random.randrange(65536)

    @staticmethod
    def family(address):
        return socket.AF_INET6 if ":" in address else socket.AF_INET

    def begin(self, inside):
        client, server = inside
        while True:
            port = random.randrange(1024, 65536) if self.ports else client[1]
            outside = (random.choice(self.pool), port), (self.server or server[0], server[1])
            if outside not in self.outside:
                break
        shift = {way: random.randrange(MOD) if self.timestamps else 0 for way in ("c2s", "s2c")}
        self.connections[inside] = self.outside[outside] = (inside, outside, shift)
        self.note("translate", client=text(client), server=text(server), client_after=text(outside[0]),
                  server_after=text(outside[1]), timestamps=shift)

    def apply(self, direction, packet):
        key = self.key(direction, packet)
        if direction == "c2s":
            if key not in self.connections:
                self.begin(key)
            _, (client, server), shift = self.connections[key]
            packet.source, packet.source_port = client
            packet.target, packet.target_port = server
            own, echoed = shift["c2s"], -shift["s2c"]
        elif key in self.outside:
            (client, server), _, shift = self.outside[key]
            packet.source, packet.source_port = server
            packet.target, packet.target_port = client
            own, echoed = shift["s2c"], -shift["c2s"]
        else:
            return []
        self.shift_timestamps(packet, own, echoed)
        if self.ip_ids and packet.version == 4:
            self.next_ip_id = (self.next_ip_id + random.randrange(1, 9)) % 65536
            packet.put(packet.ip + 4, 2, self.next_ip_id)
        return on(packet)

    def shift_timestamps(self, packet, own, echoed):
        found = packet.option(TIMESTAMPS)
        if not found or not self.timestamps:
            return
        at = found[0] + 2
        packet.put(at, 4, (packet.number(at, 4) + own) % MOD)
        if packet.flags & ACK:
            packet.put(at + 4, 4, (packet.number(at + 4, 4) + echoed) % MOD)
