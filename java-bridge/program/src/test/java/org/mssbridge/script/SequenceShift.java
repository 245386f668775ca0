package org.mssbridge.script;

import java.util.HashMap;
import java.util.Map;
import org.mssbridge.script.PacketEditor.Ip;

/**
 * Shifts the sequence numbers of both directions and all references to them. The client is the host
 * that sent the SYN, or without a SYN the one with the higher port.
 */
final class SequenceShift {
  private static final int SYN_AND_ACK = 0x12;
  private final Map<String, String> clients = new HashMap<>();
  private final int c2s;
  private final int s2c;

  SequenceShift(int c2s, int s2c) {
    this.c2s = c2s;
    this.s2c = s2c;
  }

  void learn(PacketEditor editor) {
    for (Ip ip : editor.headers()) {
      if (ip.isTcp() && !ip.quoted() && editor.has(ip.transport(), 14)) {
        int flags = editor.u8(ip.transport() + 13) & SYN_AND_ACK;
        if (flags == 0x02) {
          clients.putIfAbsent(endpoints(editor, ip), end(editor, ip, true));
        }
      }
    }
  }

  void apply(PacketEditor editor) {
    for (Ip ip : editor.headers()) {
      if (ip.isTcp() && editor.has(ip.transport(), 8)) {
        apply(editor, ip);
      }
    }
  }

  private void apply(PacketEditor editor, Ip ip) {
    boolean forward = isFromClient(editor, ip);
    int own = forward ? c2s : s2c;
    int other = forward ? s2c : c2s;
    int tcp = ip.transport();
    editor.put32(tcp + 4, editor.i32(tcp + 4) + own, ip.contentCovers());
    if (!editor.has(tcp, 14)) {
      return;
    }
    if ((editor.u8(tcp + 13) & 0x10) != 0) {
      editor.put32(tcp + 8, editor.i32(tcp + 8) + other, ip.contentCovers());
    }
    int end = tcp + (editor.u8(tcp + 12) >> 4) * 4;
    int at = tcp + 20;
    while (at < end && editor.has(at, 2) && editor.u8(at) != ScriptOption.END) {
      int length = editor.u8(at) == ScriptOption.NOP ? 1 : editor.u8(at + 1);
      if (length == 0) {
        break;
      }
      if (editor.u8(at) == ScriptOption.SACK) {
        shiftEdges(editor, ip, at + 2, Math.min(at + length, end), other);
      }
      at += length;
    }
  }

  private static void shiftEdges(PacketEditor editor, Ip ip, int from, int to, int shift) {
    for (int edge = from; edge + 4 <= to && editor.has(edge, 4); edge += 4) {
      editor.put32(edge, editor.i32(edge) + shift, ip.contentCovers());
    }
  }

  private boolean isFromClient(PacketEditor editor, Ip ip) {
    String client = clients.get(endpoints(editor, ip));
    return client != null
        ? client.equals(end(editor, ip, true))
        : editor.u16(ip.transport()) > editor.u16(ip.transport() + 2);
  }

  private static String endpoints(PacketEditor editor, Ip ip) {
    String source = end(editor, ip, true);
    String destination = end(editor, ip, false);
    return source.compareTo(destination) < 0 ? source + destination : destination + source;
  }

  private static String end(PacketEditor editor, Ip ip, boolean source) {
    int address = source ? ip.source() : ip.destination();
    int port = editor.u16(ip.transport() + (source ? 0 : 2));
    return editor.address(address, ip.addressBytes()) + ":" + port + " ";
  }
}
