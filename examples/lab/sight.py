"""What one capture shows about its connections, read without the program under test."""

from collections import Counter

import pcap
from packet import (ACK, ESP, ETHERNET_BYTES, ICMP, ICMPV6, MOD, OPTION_NAMES, SYN, TcpPacket, address_text)


def text(end):
    raw, port = end
    return ("%s:%d" if len(raw) == 4 else "[%s]:%d") % (address_text(raw), port)


class Connection:
    def __init__(self, client, server):
        self.client, self.server = client, server
        self.packets = []  # (frame number, direction, packet)

    def first(self, direction, synack):
        wanted = SYN | ACK if synack else SYN
        return next((packet for _, way, packet in self.packets
                     if way == direction and packet.flags & (SYN | ACK) == wanted), None)

    @property
    def syn(self):
        return self.first("c2s", False)

    @property
    def synack(self):
        return self.first("s2c", True)

    def isn(self, direction):
        syn = self.syn if direction == "c2s" else self.synack
        return syn.seq if syn else None

    def describe(self):
        return {"client": self.client, "server": self.server, "first_frame": self.packets[0][0],
                "last_frame": self.packets[-1][0], "packets": len(self.packets), "in_capture": True}

    def mss(self):
        return {"syn": self.syn.mss if self.syn else None, "synack": self.synack.mss if self.synack else None}

    def options(self):
        return {name: sorted(OPTION_NAMES.get(kind, str(kind)) for kind, _, _ in packet.options()) if packet else None
                for name, packet in (("syn", self.syn), ("synack", self.synack))}

    def data(self, direction):
        """How often each data segment is in the capture, by relative sequence number and length."""
        isn = self.isn(direction)
        return Counter(((packet.seq - isn) % MOD, packet.payload_bytes) for _, way, packet in self.packets
                       if way == direction and packet.payload_bytes and isn is not None)

    def sack_edges(self, direction):
        return [packet.number(at, 4) for _, way, packet in self.packets if way == direction and not packet.flags & SYN
                for at in packet.sack_edges()]


class Sight:
    """`ports` are those that servers listen on: they show which end is the server even without a SYN."""

    def __init__(self, files, ports):
        self.ports = ports
        self.connections, self.icmp, self.frames, self.opaque, self.bad_checksums = {}, [], 0, 0, 0
        self.cut = 0
        for file in files:
            for record in pcap.read(file):
                self.frames += 1
                self.add(record)

    def add(self, record):
        frame = record.frame
        self.cut += len(frame) < record.length
        packet = TcpPacket.parse(frame)
        if packet is None:
            self.add_other(frame)
            return
        source, target = packet.endpoints
        direction = "s2c" if source[1] in self.ports and target[1] not in self.ports else "c2s"
        client, server = (source, target) if direction == "c2s" else (target, source)
        key = text(client), text(server)
        self.connections.setdefault(key, Connection(*key)).packets.append((self.frames, direction, packet))
        if len(frame) == record.length and not packet.checksums_good():
            self.bad_checksums += 1

    def add_other(self, frame):
        at = ETHERNET_BYTES + 4 * (frame[12:14] == b"\x81\0")
        if len(frame) < at + 40:
            return
        version = frame[at] >> 4
        if frame[at - 2 : at] not in (b"\x08\0", b"\x86\xdd"):
            return
        if version == 4:
            protocol, start, ttl = frame[at + 9], at + (frame[at] & 15) * 4, frame[at + 8]
            ends = frame[at + 12 : at + 16], frame[at + 16 : at + 20]
        else:
            protocol, start, ttl = frame[at + 6], at + 40, frame[at + 7]
            ends = frame[at + 8 : at + 24], frame[at + 24 : at + 40]
        self.opaque += protocol == ESP
        kind, code = frame[start], frame[start + 1]
        too_big = (version, protocol, kind) == (6, ICMPV6, 2) or (version, protocol, kind, code) == (4, ICMP, 3, 4)
        if too_big:
            field = frame[start + 6 : start + 8] if version == 4 else frame[start + 4 : start + 8]
            self.icmp.append({"type": kind, "code": code, "mtu": int.from_bytes(field, "big"),
                              "src": address_text(ends[0]), "dst": address_text(ends[1]), "ttl": ttl})

    def ttls(self, direction):
        # Only data segments, because a box's own RST has a different TTL.
        return sorted({packet.ttl for connection in self.connections.values() for _, way, packet in connection.packets
                       if way == direction and packet.payload_bytes})
