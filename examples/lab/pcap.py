"""Reads and writes classic pcap files, as tcpdump writes them; times in nanoseconds."""

import struct
from dataclasses import dataclass

MICROS, NANOS = 0xA1B2C3D4, 0xA1B23C4D


@dataclass
class Record:
    time_ns: int
    frame: bytearray
    length: int  # on the wire


def read(path):
    data = path.read_bytes()
    (magic,) = struct.unpack_from("<I", data)
    unit = {MICROS: 1000, NANOS: 1}[magic]
    at, records = 24, []
    while at + 16 <= len(data):
        seconds, fraction, kept, length = struct.unpack_from("<IIII", data, at)
        at += 16
        records.append(Record(seconds * 10**9 + fraction * unit, bytearray(data[at : at + kept]), length))
        at += kept
    return records


def write(path, records, snaplen=262144):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", MICROS, 2, 4, 0, 0, snaplen, 1))
        for record in records:
            seconds, rest = divmod(record.time_ns, 10**9)
            kept = record.frame[:snaplen]
            out.write(struct.pack("<IIII", seconds, rest // 1000, len(kept), record.length) + kept)
