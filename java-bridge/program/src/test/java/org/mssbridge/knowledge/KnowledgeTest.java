package org.mssbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mssbridge.model.IpFamily.IPV4;
import static org.mssbridge.model.IpFamily.IPV6;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mssbridge.model.IpFamily;

/** The table of known values: what it must contain and what its reader rejects. */
class KnowledgeTest {
  private static final String HEADER = "quantity\tvalue\tfamily\tkind\ttitle\tdecides\tsource\n";

  private final Knowledge knowledge = Knowledge.load();

  @ParameterizedTest(name = "MSS {0} ({1}): {2}")
  @CsvSource({
    "1460, IPV4, Ethernet",
    "1440, IPV6, Ethernet",
    "1380, IPV4, Cisco ASA",
    "1380, IPV4, WireGuard",
    "1460, IPV4, Cisco ACE",
    "1360, IPV4, GRE over IPsec",
    "1379, IPV4, adjust-mss 1379",
    "1359, IPV4, AWS site-to-site",
    "1359, IPV4, Alibaba",
    "1350, IPV4, Azure",
    "1320, IPV4, Juniper",
    "1452, IPV4, PPPoE",
    "1436, IPV4, GRE over IPv4",
    "1440, IPV4, IPIP",
    "1420, IPV6, 6in4",
    "1410, IPV4, VXLAN",
    "1400, IPV4, Calico with WireGuard",
    "1420, IPV4, Google Cloud VPC",
    "1366, IPV4, Google Cloud VPN",
    "1396, IPV4, FortiGate",
    "1372, IPV4, FortiGate",
    "536, IPV4, default",
    "1220, IPV6, default",
  })
  void knownMssHasItsCause(int mss, IpFamily family, String cause) {
    assertThat(titles(knowledge.byMss(mss, family))).anyMatch(title -> title.contains(cause));
  }

  @ParameterizedTest(name = "MTU {0}: {1}")
  @CsvSource({
    "1399, AWS site-to-site",
    "8500, AWS transit gateway",
    "1400, Azure",
    "1460, Google Cloud VPC",
    "1406, Google Cloud VPN",
    "1386, Google Cloud VPN",
    "1360, Alibaba",
    "1436, FortiGate",
    "1412, FortiGate",
    "1492, PPPoE",
    "1476, GRE",
    "1480, IPIP",
    "1450, VXLAN",
    "1440, Calico",
    "1454, DSL (p0f label)",
    "1470, Google (p0f label)",
    "1656, Ericsson HIS modem (p0f label)",
  })
  void knownMtuHasItsCause(int mtu, String cause) {
    assertThat(titles(knowledge.byMtu(mtu, IPV4))).anyMatch(title -> title.contains(cause));
  }

  @Test
  void mss1380IsTheAsaDefaultAndWireGuard() {
    List<Knowledge.Fit> fits = knowledge.byMss(1380, IPV4);

    assertThat(fits)
        .extracting(Knowledge.Fit::label)
        .startsWith("Cisco ASA, FTD or FWSM default", "WireGuard: 1420 - 40");
  }

  @Test
  void aceIsNotListedFor1380ButNoted() {
    assertThat(titles(knowledge.byMss(1380, IPV4))).noneMatch(title -> title.contains("ACE"));
    assertThat(knowledge.notes(1380)).anyMatch(note -> note.title().contains("ACE"));
  }

  @Test
  void sameMtuLeaves20BytesLessForTcpOverIpv6() {
    assertThat(titles(knowledge.byMss(1360, IPV6))).contains("WireGuard");
    assertThat(titles(knowledge.byMss(1380, IPV6))).doesNotContain("WireGuard");
  }

  @Test
  void initialTtl255IsARouterByRuleOfThumb() {
    assertThat(knowledge.byInitialTtl(255))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.title()).contains("Cisco IOS");
              assertThat(row.kind()).isEqualTo(KnowledgeRow.Kind.RULE_OF_THUMB);
            });
    assertThat(knowledge.byInitialTtl(200)).isEmpty();
  }

  @Test
  void everyBehaviourRowRefersToACauseInTheTable() {
    List<String> quantities = List.of("randomises-isn", "proxy", "one-direction", "widespread");
    List<KnowledgeRow> behaviours =
        knowledge.rows().stream().filter(row -> quantities.contains(row.quantity())).toList();

    assertThat(behaviours)
        .isNotEmpty()
        .allSatisfy(
            behaviour ->
                assertThat(knowledge.rows())
                    .as("add an mss or mtu row with the value and title of %s", behaviour)
                    .anyMatch(
                        row ->
                            (row.quantity().equals("mss") || row.quantity().equals("mtu"))
                                && row.value() == behaviour.value()
                                && row.title().equals(behaviour.title())));
  }

  @Test
  void everyRowHasASource() {
    assertThat(knowledge.rows())
        .hasSizeGreaterThan(100)
        .allSatisfy(row -> assertThat(row.source()).as(row.title()).isNotBlank());
  }

  @Test
  void redundantRowIsRejectedWithItsLine() {
    String both = "mss;1380;46;exact;ASA;-;doc";
    String one = "mss;1380;4;rule-of-thumb;ASA;something;other";

    assertThatThrownBy(() -> read(both, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test.tsv line 3: an earlier row already says mss 1380, ASA");
    assertThatThrownBy(() -> read(one, "# a comment counts as a line", both))
        .hasMessageContaining("test.tsv line 4: covers an earlier row");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "mss;1380;4;exact;ASA;-, has 6 columns",
    "mss;1380;4;exact;ASA;-;doc;more, has 8 columns",
    "mss;13x0;4;exact;ASA;-;doc, value is 13x0",
    "mss;0;4;exact;ASA;-;doc, value is 0",
    "mss;65536;4;exact;ASA;-;doc, value is 65536",
    "mss;1380;5;exact;ASA;-;doc, family is 5",
    "mss;1380;4;maybe;ASA;-;doc, kind is maybe",
    "mss;1380;4;exact;;-;doc, has an empty column",
  })
  void malformedRowIsRejectedWithItsLine(String row, String message) {
    assertThatThrownBy(() -> read(row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("test.tsv line 2: " + message);
  }

  @Test
  void tableWithoutHeaderIsRejected() {
    assertThatThrownBy(
            () -> Knowledge.read(new StringReader("mss\t1\t4\texact\ta\t-\tb\n"), "test.tsv"))
        .hasMessageStartingWith("test.tsv line 1: expected the header");
  }

  /** Reads rows with semicolons between columns, which are easier to read than tabs. */
  private static Knowledge read(String... rows) throws IOException {
    String text = HEADER + String.join("\n", rows).replace(';', '\t');
    return Knowledge.read(new StringReader(text), "test.tsv");
  }

  private static List<String> titles(List<Knowledge.Fit> fits) {
    return fits.stream().map(fit -> fit.row().title()).toList();
  }
}
