"""What a case may need from the machine, and whether the machine has it. Each probe runs in its own namespace."""

import functools
import os
import subprocess

PROBES = {
    "nft": "nft add table inet probe",
    "synproxy": "nft 'table ip p { chain c { type filter hook forward priority 0; synproxy mss 1460 wscale 7 ; } ; }'",
    "nat": "nft 'table ip p { chain c { type nat hook postrouting priority 100; masquerade ; } ; }'",
    "tproxy": "nft 'table ip p { chain c { type filter hook prerouting priority -150;"
              " meta l4proto tcp tproxy to :5000 ; } ; }'",
    "haproxy": "command -v haproxy",
    "tun": "test -c /dev/net/tun",
    "vxlan": "ip link add probe0 type vxlan id 1 dstport 4789",
    "gre": "ip link add probe0 type gre local 192.0.2.1 remote 192.0.2.2",
    "vlan": "ip link add probe0 type veth && ip link add probe1 link probe0 type vlan id 5",
    "esp": "ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel"
           " aead 'rfc4106(gcm(aes))' 0x0123456789012345678901234567890123456789 128",
    "mptcp": "python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)'",
    "netem": "tc qdisc add dev lo root netem delay 1ms",
}


@functools.cache
def has(name):
    space = "mssb%d-probe" % os.getpid()
    subprocess.run(["ip", "netns", "add", space], check=True)
    try:
        probe = ["ip", "netns", "exec", space, "sh", "-c", PROBES[name]]
        return subprocess.run(probe, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    finally:
        subprocess.run(["ip", "netns", "del", space])


def missing(names):
    return [name for name in names if not has(name)]
