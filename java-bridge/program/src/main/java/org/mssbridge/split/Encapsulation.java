package org.mssbridge.split;

/** The tags and tunnels around the innermost IP packet of a frame, from the outside in. */
final class Encapsulation {
  private static final int MOST = 8;

  /** A kind of tag or tunnel. */
  enum Layer {
    VLAN(1, "vlan"),
    MPLS(2, "mpls"),
    PPPOE(3, "pppoe"),
    IP(4, "ipip"),
    GRE(5, "gre"),
    ERSPAN(6, "erspan"),
    VXLAN(7, "vxlan"),
    GENEVE(8, "geneve"),
    GTP(9, "gtp");

    private final int number;
    private final String text;

    Layer(int number, String text) {
      this.number = number;
      this.text = text;
    }
  }

  private final Layer[] layers = new Layer[MOST];
  private final int[] numbers = new int[MOST];
  private int size;
  private long key;

  void clear() {
    size = 0;
    key = 0;
  }

  /**
   * Adds a layer.
   *
   * @param number which one it is, such as a VLAN's; 0 where the kind has no numbers
   */
  void add(Layer layer, int number) {
    key = Hash.of(Hash.of(key, layer.number), number);
    if (size < MOST) {
      layers[size] = layer;
      numbers[size++] = number;
    }
  }

  /** A number that other stacks do not have; 0 for none. */
  long key() {
    return key;
  }

  /** As people know it, such as {@code vlan 20}. */
  String text() {
    if (size == 0) {
      return "untagged";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      boolean isNext = i > 0 && layers[i] == layers[i - 1];
      text.append(i == 0 ? "" : isNext ? "." : " ").append(isNext ? "" : layers[i].text);
      if (numbers[i] != 0 || layers[i] == Layer.VLAN) {
        text.append(isNext ? "" : " ").append(Integer.toUnsignedString(numbers[i]));
      }
    }
    return text.toString();
  }
}
