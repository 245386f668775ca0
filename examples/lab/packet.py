"""One TCP packet in an Ethernet frame: reads it, changes it as a box does, and computes its checksums."""

import struct

SYN, FIN, RST, PSH, ACK, ECE, CWR = 0x02, 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
MSS, WSCALE, SACK_PERMITTED, SACK, TIMESTAMPS = 2, 3, 4, 5, 8
OPTION_NAMES = {MSS: "mss", WSCALE: "wscale", SACK_PERMITTED: "sackperm", TIMESTAMPS: "ts", 30: "mptcp", 34: "fastopen"}
MOD = 1 << 32

ETHERNET_BYTES = 14
IPV4, IPV6, VLAN = 0x0800, 0x86DD, 0x8100
TCP, UDP, ICMP, GRE, ESP, ICMPV6 = 6, 17, 1, 47, 50, 58
VXLAN_PORT = 4789


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data = bytes(data) + b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address_text(raw):
    if len(raw) == 4:
        return ".".join(map(str, raw))
    import ipaddress

    return str(ipaddress.ip_address(bytes(raw)))


class TcpPacket:
    """A TCP packet in a frame. `ip` and `tcp` are the offsets of its headers."""

    def __init__(self, frame, ip, version, tcp, end):
        self.frame = frame
        self.ip = ip
        self.version = version
        self.tcp = tcp
        self.end = end
        # From the headers, because the snapshot length may have cut the frame.
        self.header_bytes = (frame[tcp + 12] >> 4) * 4
        self.payload_bytes = end - tcp - self.header_bytes

    @classmethod
    def parse(cls, frame, at=ETHERNET_BYTES):
        """The packet in a bytearray, also inside VXLAN and GRE; None if it is not TCP."""
        if frame[at - 2 : at] == VLAN.to_bytes(2, "big"):
            at += 4
        if len(frame) < at + 20:
            return None
        version = frame[at] >> 4
        if version == 4:
            protocol, start = frame[at + 9], at + (frame[at] & 15) * 4
            end = at + int.from_bytes(frame[at + 2 : at + 4], "big")
            if int.from_bytes(frame[at + 6 : at + 8], "big") & 0x1FFF:
                return None
        elif version == 6 and len(frame) >= at + 40:
            protocol, start = frame[at + 6], at + 40
            end = at + 40 + int.from_bytes(frame[at + 4 : at + 6], "big")
        else:
            return None
        if protocol == UDP and len(frame) >= start + 8:
            if int.from_bytes(frame[start + 2 : start + 4], "big") == VXLAN_PORT:
                return cls.parse(frame, start + 16 + ETHERNET_BYTES)
        if protocol == GRE and len(frame) >= start + 4:
            return cls.parse(frame, start + 4)
        if protocol != TCP or len(frame) < start + 20:
            return None
        return cls(frame, at, version, start, end)

    def copy(self):
        return TcpPacket(bytearray(self.frame), self.ip, self.version, self.tcp, self.end)

    def number(self, at, size):
        return int.from_bytes(self.frame[at : at + size], "big")

    def put(self, at, size, value):
        self.frame[at : at + size] = value.to_bytes(size, "big")

    def _field(offset, size):  # noqa: N805
        return property(
            lambda self: self.number(self.tcp + offset, size),
            lambda self, value: self.put(self.tcp + offset, size, value % (1 << (8 * size))),
        )

    source_port = _field(0, 2)
    target_port = _field(2, 2)
    seq = _field(4, 4)
    ack = _field(8, 4)
    flags = _field(13, 1)
    window = _field(14, 2)
    del _field

    def _address(offset4, offset6):  # noqa: N805
        def get(self):
            at, size = (offset4, 4) if self.version == 4 else (offset6, 16)
            return bytes(self.frame[self.ip + at : self.ip + at + size])

        def put(self, raw):
            at = self.ip + (offset4 if self.version == 4 else offset6)
            self.frame[at : at + len(raw)] = raw

        return property(get, put)

    source = _address(12, 8)
    target = _address(16, 24)
    del _address

    @property
    def ttl(self):
        return self.frame[self.ip + (8 if self.version == 4 else 7)]

    @ttl.setter
    def ttl(self, value):
        self.frame[self.ip + (8 if self.version == 4 else 7)] = value

    @property
    def traffic_class(self):
        """DSCP and ECN (RFC 2474, RFC 3168)."""
        return self.frame[self.ip + 1] if self.version == 4 else (self.number(self.ip, 2) >> 4) & 0xFF

    @traffic_class.setter
    def traffic_class(self, value):
        if self.version == 4:
            self.frame[self.ip + 1] = value
        else:
            self.put(self.ip, 2, self.number(self.ip, 2) & 0xF00F | value << 4)

    @property
    def data_at(self):
        return self.tcp + self.header_bytes

    @property
    def payload(self):
        return bytes(self.frame[self.data_at : self.end])

    @property
    def endpoints(self):
        return (self.source, self.source_port), (self.target, self.target_port)

    def options(self):
        """(kind, offset in the frame, length) of each option, without NOP and end-of-list."""
        at, end = self.tcp + 20, min(self.data_at, len(self.frame))
        while at < end:
            kind = self.frame[at]
            if kind == 0:
                return
            if kind == 1:
                at += 1
                continue
            length = self.frame[at + 1] if at + 1 < end else 0
            if length < 2 or at + length > end:
                return
            yield kind, at, length
            at += length

    def option(self, wanted):
        return next(((at, length) for kind, at, length in self.options() if kind == wanted), None)

    @property
    def mss(self):
        found = self.option(MSS)
        return self.number(found[0] + 2, 2) if found else None

    def sack_edges(self):
        """The offsets in the frame of all SACK edges."""
        for kind, at, length in self.options():
            if kind == SACK:
                yield from range(at + 2, at + length - 3, 4)

    def replace(self, first, last, data):
        """Replaces bytes first..last of the TCP header or payload by data of any length, and adapts all lengths."""
        self.frame[first:last] = data
        grown = len(data) - (last - first)
        self.end += grown
        if last <= self.data_at:
            self.header_bytes += grown
            self.frame[self.tcp + 12] = self.frame[self.tcp + 12] & 15 | self.header_bytes // 4 << 4
        else:
            self.payload_bytes += grown
        if self.version == 4:
            self.put(self.ip + 2, 2, self.end - self.ip)
        else:
            self.put(self.ip + 4, 2, self.end - self.ip - 40)

    def fix_checksums(self):
        if self.version == 4:
            self.put(self.ip + 10, 2, 0)
            self.put(self.ip + 10, 2, checksum(self.frame[self.ip : self.tcp]))
        self.put(self.tcp + 16, 2, 0)
        size = self.end - self.tcp
        pseudo = self.source + self.target + struct.pack("!II", size, TCP)
        self.put(self.tcp + 16, 2, checksum(pseudo + self.frame[self.tcp : self.end]))
        return self

    def checksums_good(self):
        size = self.end - self.tcp
        pseudo = self.source + self.target + struct.pack("!II", size, TCP)
        if checksum(pseudo + self.frame[self.tcp : self.end]):
            return False
        return self.version == 6 or checksum(self.frame[self.ip : self.tcp]) == 0
