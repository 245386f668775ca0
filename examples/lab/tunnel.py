"""One end of a tunnel, for kernels without GRE or ESP:

    tunnel.py gre|esp LOCAL REMOTE NET MTU

Packets for NET go through tun0 to REMOTE, encapsulated. The kernel routes them, lowers the TTL and sends ICMP if they
are larger than MTU. This ESP has the layout of AES-GCM (RFC 4106: IV of 8, ICV of 16 bytes) and opaque contents, but
its cipher is a toy, because Python's standard library has none.
"""

import contextlib
import fcntl
import hashlib
import os
import select
import socket
import struct
import subprocess
import sys

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
IP_MTU_DISCOVER, IP_PMTUDISC_DO = 10, 2
IPPROTO_GRE, IPPROTO_ESP = 47, 50
ETHERTYPES = {4: 0x0800, 6: 0x86DD}
NEXT_HEADERS = {4: 4, 6: 41}  # RFC 4303, 2.6: IPv4 and IPv6 in tunnel mode
SPI, IV_BYTES, ICV_BYTES = 0xC0FFEE01, 8, 16


class Gre:
    """RFC 2784, without checksum and key."""

    protocol = IPPROTO_GRE

    def wrap(self, packet):
        return struct.pack("!HH", 0, ETHERTYPES[packet[0] >> 4]) + packet

    def unwrap(self, data):
        return data[4:]


class Esp:
    protocol = IPPROTO_ESP

    def __init__(self):
        self.sequence = 0

    def wrap(self, packet):
        self.sequence += 1
        padding = -(len(packet) + 2) % 4
        plain = packet + bytes(range(1, padding + 1)) + bytes([padding, NEXT_HEADERS[packet[0] >> 4]])
        iv = struct.pack("!Q", self.sequence)
        closed = self.cipher(iv, plain)
        return struct.pack("!II", SPI, self.sequence) + iv + closed + hashlib.sha256(closed).digest()[:ICV_BYTES]

    def unwrap(self, data):
        plain = self.cipher(data[8 : 8 + IV_BYTES], data[8 + IV_BYTES : -ICV_BYTES])
        return plain[: len(plain) - 2 - plain[-2]]

    def cipher(self, iv, data):
        stream = hashlib.shake_128(b"lab" + iv).digest(len(data))
        return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")


def open_tun(net, mtu):
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"tun0", IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "link", "set", "tun0", "mtu", mtu, "up"], check=True)
    subprocess.run(["ip", "-6" if ":" in net else "-4", "route", "replace", net, "dev", "tun0"], check=True)
    return tun


def main(kind, local, remote, net, mtu):
    shape = {"gre": Gre, "esp": Esp}[kind]()
    outer = socket.socket(socket.AF_INET, socket.SOCK_RAW, shape.protocol)
    outer.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
    outer.bind((local, 0))
    outer.connect((remote, 0))
    tun = open_tun(net, mtu)
    print("ready", flush=True)
    while True:
        for source in select.select([tun, outer], [], [])[0]:
            with contextlib.suppress(OSError):  # ICMP errors from the other end before it is up
                if source is tun:
                    outer.send(shape.wrap(os.read(tun, 65536)))
                else:
                    packet = outer.recv(65536)
                    os.write(tun, shape.unwrap(packet[(packet[0] & 15) * 4 :]))


if __name__ == "__main__":
    main(*sys.argv[1:])
