package org.mssbridge.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.cli.Story;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of {@code --html}, with a browser, a keyboard and a printer. */
class PageTest {
  private static final List<String> TEXT_COLOURS =
      List.of("ink muted c2s s2c lost icmp error warn note chat comment".split(" "));

  private static Browser browser;
  private static Path page;

  @BeforeAll
  static void compare(@TempDir Path folder) throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    page = folder.resolve("page.html");
    CommandRun.compare("--html", page, seed[0], seed[1]).assertDone();
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() {
    browser.emulate("screen", "light");
    browser.open(page);
  }

  private static List<String> codes() {
    return browser.texts(".finding .code");
  }

  private static void choose(String label) {
    browser.click(browser.arrow(label).findElement(By.cssSelector(".label")));
  }

  @Test
  void beginsWithTheVerdictAndThePath() {
    assertThat(browser.the("#verdict").getText()).contains("Between client and server: 11 routers");
    assertThat(browser.texts(".point h3")).containsExactly("client", "server");
    assertThat(browser.texts(".functions li"))
        .containsExactly("router", "MSS clamp", "ISN-randomising firewall");
    assertThat(browser.the(".leg .icmp").getText()).contains("1419");
    browser.assertQuiet(page);
  }

  @Test
  void tableSaysWhyDataWasSentAgain() {
    assertThat(browser.the("[aria-label='Data sent again to the server']").getText())
        .contains("for what was lost between client and server", "2760")
        .contains("for what the receiver had already", "717");
  }

  @Test
  void lostSegmentsAreListedAndLeadToTheirLadder() {
    assertThat(browser.texts("#lost tbody tr")).hasSize(2);
    assertThat(browser.the("#lost").getText()).contains("client", "server", "13", "1380");
    browser.click(browser.the("#lost button.open"));
    assertThat(browser.the("#connection-title").getText()).isEqualTo("Connection 0");
    browser.assertQuiet(page);
  }

  /** Where there is no TCP, flows take the place of empty tables. */
  @Test
  void flowsBesidesTcpAreListed(@TempDir Path folder) throws IOException {
    Path[] captures = Story.of(Story.FOLDER.resolve("datagrams-three.txt")).captures(folder);
    Path flows = folder.resolve("flows.html");
    CommandRun.compare("--html", flows, captures[0], captures[1], captures[2]).assertDone();
    assertThat(browser.the("#flows").isDisplayed()).as("with TCP only").isFalse();
    browser.open(flows);
    assertThat(browser.texts("#flows tbody td"))
        .containsExactly(
            "UDP",
            "192.0.2.10:51000",
            "198.51.100.53:7777 \u2192 10.0.0.53:7778",
            "point1, point2, point3",
            "24",
            "1",
            "0",
            "0",
            "1");
    assertThat(browser.the("#connections").isDisplayed()).isFalse();
    assertThat(browser.the("#connection").isDisplayed()).isFalse();
    browser.assertQuiet(flows);
  }

  /** The round trip is known where the delay of one way is not. */
  @Test
  void whatIsSaidOfBothDirectionsIsOneLine() {
    browser.the("#code-filter").sendKeys("path.delay");
    assertThat(browser.texts(".finding .message"))
        .singleElement()
        .asString()
        .startsWith("round trip between client and server: ");
    browser.click(browser.the(".finding summary"));
    assertThat(browser.the(".finding .detail").getText())
        .contains("one-way delay client to server")
        .contains("one-way delay server to client");
  }

  @Test
  void findingsAreFilteredBySeverityCodeAndConnection() {
    int all = codes().size();
    browser.click(browser.the(".toggle.chat"));
    assertThat(codes()).hasSizeLessThan(all).contains("mss.clamped").doesNotContain("path.hops");
    browser.click(browser.the(".toggle.chat"));
    assertThat(codes()).hasSize(all);
    browser.the("#code-filter").sendKeys("path.lost");
    assertThat(codes()).containsExactly("path.lost");
    assertThat(browser.the("#finding-count").getText()).isEqualTo("1 of 21 findings");
    browser.the("#connection-filter").sendKeys("1");
    assertThat(codes()).isEmpty();
  }

  @Test
  void bothDirectionsOfOneThingAreOneEntry() {
    assertThat(browser.the("#finding-count").getText()).isEqualTo("21 findings");
    assertThat(codes()).hasSize(17).containsOnlyOnce("mss.clamped", "isn.rewritten", "path.hops");
    WebElement clamped = browser.the(".finding:nth-of-type(3)");
    assertThat(clamped.getText()).contains("both directions", "between client and server");
    browser.click(clamped.findElement(By.tagName("summary")));
    browser.the(".finding .detail");
    assertThat(clamped.findElements(By.className("one-way"))).hasSize(2);
    assertThat(clamped.findElements(By.cssSelector(".actions button"))).hasSize(2);
    assertThat(clamped.getText())
        .containsOnlyOnce("Cisco ASA, FTD or FWSM default")
        .contains("frame.number == 13", "frame.number == 14");
  }

  @Test
  void findingListsItsCausesAndOpensItsLadder() {
    WebElement clamped = browser.the(".finding:nth-of-type(3)");
    browser.click(clamped.findElement(By.tagName("summary")));
    assertThat(clamped.getText())
        .contains("Cisco ASA, FTD or FWSM default")
        .contains("the ISN is rewritten too")
        .contains("frame.number == 13");
    browser.click(clamped.findElement(By.cssSelector(".actions button")));
    assertThat(browser.the("#connection-title").getText()).isEqualTo("Connection 0");
  }

  @Test
  void findingLeadsToItsArrowsOneAfterTheOther() {
    browser.the("#code-filter").sendKeys("path.lost");
    browser.click(browser.the(".finding summary"));
    browser.click(browser.the(".actions button"));
    assertThat(chosen()).contains("client frame 13");
    assertThat(browser.the(".walk-place").getText())
        .isEqualTo("Evidence 1 of 2 of path.lost in connection 0");
    assertThat(browser.the(".panel").getText()).contains("1380 bytes of it never arrived");
    assertThat(isOnLadder()).as("the arrow has the focus").isTrue();
    browser.click(browser.the(".walk button[data-step='1']"));
    assertThat(chosen()).contains("client frame 55");
    assertThat(browser.the(".walk button[data-step='1']").isEnabled()).isFalse();
    browser.click(browser.the(".walk button[data-step='-1']"));
    assertThat(chosen()).contains("client frame 13");
    browser.click(browser.the(".walk button:last-child"));
    assertThat(browser.run("return document.activeElement.textContent"))
        .isEqualTo("Evidence in connection 0");
    browser.assertQuiet(page);
  }

  private static String chosen() {
    return browser.the(".tx.chosen").getDomAttribute("aria-label");
  }

  @Test
  void codeLeadsToItsMeaningAndItsRfc() {
    browser.click(browser.the(".finding:nth-of-type(3) summary"));
    browser.click(browser.the(".finding:nth-of-type(3) .detail a"));
    WebElement meaning = browser.the(".meaning:target");
    assertThat(meaning.getText())
        .startsWith("mss.clamped: the MSS was lowered on the path")
        .contains("For one connection, the MSS option of the first SYN", "Sources: RFC 9293")
        .doesNotContain("*a*");
    assertThat(meaning.findElement(By.linkText("RFC 9293")).getDomAttribute("href"))
        .isEqualTo("https://www.rfc-editor.org/rfc/rfc9293");
    assertThat(browser.texts(".meaning h3 code"))
        .containsExactlyElementsOf(codes().stream().distinct().sorted().toList());
  }

  @Test
  void titleAndCopiedTextAreTheVerdict() {
    String verdict = browser.the("#verdict").getText();
    String title = (String) browser.run("return document.title");
    String sentence = title.substring(0, title.indexOf(" \u2013 client.pcap, server.pcap"));
    assertThat(verdict).startsWith(sentence + ".");
    browser.click(browser.the("#verdict-tools .copy"));
    assertThat(browser.pasteInto(browser.the("#connection-search"))).isEqualTo(verdict);
  }

  @Test
  void commandsAreCopiedWhole() throws IOException {
    choose("client frame 13");
    String client = ReportOf.example("seed-20633")[0].toString();
    assertThat(copied(".panel .copy:nth-of-type(2)"))
        .isEqualTo("tshark -r " + client + " -Y 'frame.number == 13'");
    assertThat(copied(".panel .copy:nth-of-type(3)"))
        .isEqualTo("wireshark -r " + client + " -g 13");
    assertThat(copied(".streams .copy:nth-of-type(3)"))
        .isEqualTo("wireshark -r " + client + " -Y 'tcp.stream eq 0'");
  }

  private static String copied(String selector) {
    browser.click(browser.the(selector));
    return browser.pasteInto(browser.the("#connection-search"));
  }

  @Test
  void lostSegmentEndsMidWayAndShowsItsFrames() {
    WebElement lost = browser.arrow("client frame 13");
    assertThat(lost.getDomAttribute("class")).contains("is-lost");
    assertThat(lost.findElements(By.cssSelector(".cross"))).hasSize(1);
    choose("client frame 13");
    assertThat(browser.the(".panel").getText())
        .contains("1380 bytes of it never arrived")
        .contains("frame.number == 13")
        .contains("frame.number == 25")
        .contains("path.lost");
  }

  @Test
  void sackThatWasNotTranslatedIsSeenAtBothEnds() {
    choose("client frame 14");
    assertThat(browser.the(".panel .strange").getText()).startsWith("raw 2638518422");
    assertThat(browser.the(".panel").getText()).contains("2338\u20132435");
  }

  @Test
  void icmpHasItsOwnColourAndShowsItsMtu() {
    WebElement icmp = browser.the(".tx.icmp");
    assertThat(icmp.getText()).contains("MTU 1419");
    assertThat(icmp.findElement(By.cssSelector(".shaft")).getCssValue("stroke"))
        .isNotEqualTo(browser.the(".tx.c2s.data .shaft").getCssValue("stroke"));
  }

  @Test
  void displayFilterIsCopied() {
    choose("client frame 13");
    browser.click(browser.the(".panel .copy"));
    assertThat(browser.pasteInto(browser.the("#connection-search")))
        .isEqualTo("frame.number == 13");
    browser.assertQuiet(page);
  }

  /** One command a block, each copied as it is: a line break would be part of the command. */
  @Test
  void commandsForASecondCaptureAreCopied(@TempDir Path folder) throws IOException {
    Path capture =
        Story.of(Story.FOLDER.resolve("alone.blackhole.txt")).captures(folder.resolve("in"))[0];
    Path alone = folder.resolve("alone.html");
    CommandRun.of("inspect", "--html", alone, capture).assertDone();
    browser.open(alone);
    browser.the("#code-filter").sendKeys("pmtud.probably-blackhole");
    WebElement finding = browser.the(".finding");
    browser.click(finding.findElement(By.tagName("summary")));
    browser.the(".command pre"); // Details are added after the click.
    List<WebElement> commands = finding.findElements(By.cssSelector(".command pre"));
    assertThat(commands).hasSize(2);
    assertThat(commands.get(0).getText()).startsWith("tcpdump -i any ").endsWith("'");
    assertThat(commands.get(1).getText()).startsWith("dumpcap -i any ").endsWith("'");
    browser.click(finding.findElement(By.cssSelector(".command .copy")));
    assertThat(browser.pasteInto(browser.the("#connection-search")))
        .isEqualTo(commands.get(0).getText());
    assertThat(finding.getText()).doesNotContain("\\x0a");
    browser.assertQuiet(alone);
  }

  @Test
  void factsThatAreFalseAreShown(@TempDir Path folder) throws IOException {
    Path capture =
        Story.of(Story.FOLDER.resolve("alone.thresholds.txt")).captures(folder.resolve("in"))[0];
    Path alone = folder.resolve("alone.html");
    CommandRun.of("inspect", "--html", alone, capture).assertDone();
    browser.open(alone);
    browser.the("#code-filter").sendKeys("connection.stalled");
    WebElement finding = browser.the(".finding");
    browser.click(finding.findElement(By.tagName("summary")));
    browser.the(".detail"); // It is added after the click.
    assertThat(finding.getText()).containsPattern("after_idle\\s+false");
  }

  @Test
  void connectionsAreSearched() {
    browser.the("#connection-search").sendKeys("192.0.2.77");
    assertThat(browser.all(".connections tbody tr")).hasSize(1);
    browser.click(browser.the("#connections button.open"));
    assertThat(browser.the("#connection-title").getText()).isEqualTo("Connection 1");
    assertThat(browser.texts(".rail-name")).containsExactly("server");
  }

  @Test
  void connectionsNameWhoAnnouncesTheMssAndTheSeverestIsFirst() {
    assertThat(browser.texts(".connections thead th"))
        .contains("client's MSS (SYN)", "server's MSS (SYN/ACK)", "severest");
    assertThat(browser.texts(".connections tbody tr:first-child td"))
        .contains("1460 \u2192 1380", "error");
    browser.click(browser.the("#connection-sort-severity"));
    assertThat(browser.texts(".connections tbody td:first-child")).containsExactly("1", "0");
  }

  @Test
  void connectionsAreGroupedByServerSubnetAndFinding() {
    choose("#connection-group", "client subnet");
    assertThat(browser.texts(".group th"))
        .containsExactly("192.0.2.0/24 2 connections: error 1, no finding 1");
    assertThat(browser.all("#connections button.open")).isEmpty();
    browser.click(browser.the(".group button"));
    assertThat(browser.all("#connections button.open")).hasSize(2);
    assertThat(browser.run("return document.activeElement.ariaExpanded")).isEqualTo("true");
    choose("#connection-group", "severest finding");
    assertThat(browser.texts(".group button"))
        .containsExactly("error: pmtud.clamp-insufficient", "no finding");
    choose("#connection-group", "server");
    assertThat(browser.texts(".group button")).containsExactly("198.51.100.20 port 443");
    browser.assertQuiet(page);
  }

  private static void choose(String selector, String option) {
    browser.run(
        "const list = arguments[0];"
            + "list.value = [...list.options].find(o => o.text === arguments[1]).value;"
            + "list.dispatchEvent(new Event('change'))",
        browser.the(selector),
        option);
  }

  @Test
  void ladderShowsOnlyLossesOrOnlyFindings() {
    int all = browser.all(".tx").size();
    browser.click(browser.the("#only-findings"));
    assertThat(browser.all(".tx").size()).isBetween(5, all - 20);
    browser.click(browser.the("#only-lost"));
    assertThat(browser.texts(".tx .frame")).contains("#13", "#55");
    assertThat(browser.all(".tx")).hasSize(2).hasSameSizeAs(browser.all(".tx.is-lost"));
  }

  @Test
  void networkOfAnAddress() {
    assertThat(
            browser.run(
                "return ['10.1.2.3', '2001:db8::1', '::1', 'fe80::1:2:3:4', '2001:db8:0:1::']"
                    + ".map(ConnectionsView.subnet)"))
        .isEqualTo(
            List.of("10.1.2.0/24", "2001:db8::/64", "::/64", "fe80::/64", "2001:db8:0:1::/64"));
  }

  @Test
  void connectionsAreOneTabStopInWhichArrowKeysMove() {
    String stops =
        "return [...document.querySelectorAll('.connections tbody button')]"
            + ".filter(button => button.tabIndex === 0).length";
    assertThat(browser.run(stops)).isEqualTo(1L);
    browser.run("document.querySelector('#connections button.open').focus()");
    browser.press(Keys.ARROW_DOWN);
    assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("1");
    assertThat(browser.run(stops)).isEqualTo(1L);
    browser.press(Keys.ENTER);
    assertThat(browser.the("#connection-title").getText()).isEqualTo("Connection 1");
  }

  @Test
  void keyboardIsEnough() {
    for (int i = 0; i < 60 && !isOnLadder(); i++) {
      browser.press(Keys.TAB);
    }
    assertThat(isOnLadder()).as("the tab key reaches the ladder").isTrue();
    browser.press(Keys.ARROW_DOWN);
    browser.press(Keys.ENTER);
    assertThat(browser.the(".panel").getText()).contains("frame.number == 2");
    browser.press(Keys.ARROW_UP);
    browser.press(" ");
    assertThat(browser.the(".panel").getText()).contains("frame.number == 1");
  }

  private static boolean isOnLadder() {
    return (Boolean) browser.run("return document.activeElement.classList.contains('tx')");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextColourHasEnoughContrast(String scheme) {
    browser.emulate("screen", scheme);
    assertThat(luminance("paper") < 0.2).as("dark paper").isEqualTo(scheme.equals("dark"));
    for (String ground : List.of("paper", "wash")) {
      double background = luminance(ground);
      for (String colour : TEXT_COLOURS) {
        double text = luminance(colour);
        double contrast = (Math.max(text, background) + 0.05) / (Math.min(text, background) + 0.05);
        assertThat(contrast).as("%s on %s (WCAG 2.2, 1.4.3)", colour, ground).isGreaterThan(4.5);
      }
    }
  }

  /** Relative luminance (WCAG 2.2). */
  private static double luminance(String name) {
    String css =
        (String)
            browser.run(
                "return getComputedStyle(document.documentElement).getPropertyValue(arguments[0])",
                "--" + name);
    String hex = css.trim().substring(1);
    String full = hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex;
    double[] weight = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double c = Integer.parseInt(full.substring(2 * i, 2 * i + 2), 16) / 255.0;
      sum += weight[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  @Test
  void printsOnWhitePaperWithoutItsControls() {
    browser.emulate("print", "dark");
    assertThat(browser.the(".controls").isDisplayed()).isFalse();
    assertThat(browser.the("#verdict").isDisplayed()).isTrue();
    assertThat(luminance("paper")).isGreaterThan(0.9);
    assertThat(new String(Base64.getDecoder().decode(browser.pdf()), 0, 5, UTF_8))
        .isEqualTo("%PDF-");
  }

  @Test
  void paperHoldsAllDetailsAndTheWholeLadder() {
    int findings = codes().size();
    int arrows = browser.all(".tx").size();
    browser.emulate("print", "light");
    browser.the(".printed");
    assertThat(browser.all(".finding .detail")).hasSize(findings);
    assertThat(browser.the(".finding:nth-of-type(3) .detail").getText())
        .contains("Cisco ASA, FTD or FWSM default");
    assertThat(browser.all(".printed .tx")).hasSize(arrows);
    assertThat(browser.all("#connections button.open")).hasSize(2);
    browser.emulate("screen", "light");
    browser.the(".connections .open");
    browser.the(".tall");
    assertThat(browser.all(".finding .detail")).isEmpty();
    assertThat(browser.all(".tx")).hasSize(arrows);
    browser.assertQuiet(page);
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1013, 1440})
  void nothingIsClippedAtAnyWidth(int width) {
    browser.width(width);
    try {
      browser.open(page);
      browser.click(browser.the(".finding:nth-of-type(3) summary"));
      browser.the(".finding .detail");
      choose("client frame 14");
      assertThat(browser.the(".panel").getText()).contains("2338\u20132435");
      assertThat(browser.clipped()).isEmpty();
      assertThat(browser.texts(".rail-name")).containsExactly("client", "server");
      assertThat(browser.the("#about").getText()).containsPattern("[0-9a-f]{64}");
    } finally {
      browser.restoreWidth();
    }
  }

  @Test
  void sizesArePlottedInBothDirections() {
    assertThat(browser.texts(".u-title"))
        .containsExactly("Sent client to server", "Sent server to client");
    assertThat(browser.the(".plots").getText())
        .contains("server's MSS 1380 at client")
        .contains("path MTU by ICMP less headers");
    assertThat(browser.all(".plots canvas")).hasSize(2);
  }

  @Test
  void bothDirectionsAreDrawnOverTime() {
    assertThat(browser.texts(".over-time h4"))
        .containsExactly("client to server", "server to client");
    assertThat(browser.all(".over-time canvas")).hasSize(10);
    assertThat(browser.texts(".over-time figcaption"))
        .startsWith("One-way delay, \u00b1 23 ms (the band): the clock offset is not known better")
        .contains(
            "Jitter: mean difference of delay between consecutive segments of a connection",
            "Segments lost, and those that repeat bytes seen at client",
            "Throughput, payload");
    assertThat(browser.all("#over-time")).as("all connections, which are one").isEmpty();
    browser.assertQuiet(page);
  }

  @Test
  void dragOverAChartZoomsTheLadder() {
    int all = browser.all(".tx").size();
    // Two of the 24 data segments of the client are lost, the first of them after 0.8 s of 7.5 s.
    browser.drag(browser.the(".over-time .u-over"), 0.09, 0.13);
    assertThat(browser.the(".zoomed").getText())
        .containsPattern(
            "The ladder shows 0\\.6\\d\\d s to 0\\.9\\d\\d s: \\d of \\d\\d transmissions");
    assertThat(browser.all(".tx").size()).isBetween(2, 9);
    assertThat(browser.all(".tx.is-lost")).hasSize(1);
    browser.click(browser.the(".zoomed button"));
    assertThat(browser.all(".tx")).hasSize(all);
    assertThat(browser.the(".zoomed").getText()).isEmpty();
    browser.assertQuiet(page);
  }

  @Test
  void aFingerOverAChartZoomsTheLadder() {
    browser.swipe(browser.the(".over-time .u-over"), 0.09, 0.13);
    assertThat(browser.the(".zoomed").getText())
        .containsPattern(
            "The ladder shows 0\\.6\\d\\d s to 0\\.9\\d\\d s: \\d of \\d\\d transmissions");
    assertThat(browser.all(".tx.is-lost")).hasSize(1);
    browser.click(browser.the(".zoomed button"));
    browser.swipe(browser.the(".over-time .u-over"), 0.5, 0.501);
    assertThat(browser.the(".zoomed").getText()).as("a tap").isEmpty();
    browser.assertQuiet(page);
  }

  @Test
  void keysMoveTheEndsOfTheTimeInTheLadder() {
    int all = browser.all(".tx").size();
    List<WebElement> ends = browser.all(".ends input");
    assertThat(ends).hasSize(2);
    browser.run("arguments[0].focus()", ends.get(1));
    browser.press(Keys.HOME);
    browser.press(Keys.ARROW_RIGHT);
    String shown = browser.the(".ends output").getText();
    assertThat(ends.get(1).getDomAttribute("aria-valuetext"))
        .as("the end of the second interval")
        .isEqualTo(shown.replaceFirst(".* to ", ""));
    assertThat(browser.all(".tx")).as("nothing changes before the button").hasSize(all);
    assertThat(browser.the(".over-time .u-select").getSize().getWidth()).isPositive();
    browser.run("arguments[0].focus()", ends.get(0));
    browser.press(Keys.END);
    assertThat(ends.get(1).getDomProperty("value"))
        .as("an end that is passed is pushed")
        .isEqualTo(ends.get(0).getDomProperty("value"));
    browser.press(Keys.HOME);
    browser.press(Keys.TAB);
    browser.press(Keys.HOME);
    browser.press(Keys.ARROW_RIGHT);
    browser.press(Keys.TAB);
    browser.press(Keys.ENTER);
    assertThat(browser.the(".zoomed").getText()).startsWith("The ladder shows 0.000 s to ");
    assertThat(browser.all(".tx").size()).isBetween(1, all - 1);
    browser.click(browser.the(".zoomed button"));
    browser.assertQuiet(page);
  }

  @Test
  void whereACaptureDoesNotReachThereIsAGap(@TempDir Path folder) throws IOException {
    Path script = folder.resolve("short.txt");
    Files.writeString(
        script,
        """
        point client
        point server  clock +250ms  until 4.0
        between client server  delay 10ms  hops 3
        repeat 2 every 10ms
        connection web  192.0.2.10:50001 -> 198.51.100.20:8080
        0.000 handshake <mss 1460>
        0.100 exchange 9 times 300 700 every 1s
        end
        """);
    Path[] captures = Story.of(script).captures(folder.resolve("in"));
    Path gap = folder.resolve("page.html");
    CommandRun.compare("--html", gap, captures[0], captures[1]).assertDone();
    browser.open(gap);
    assertThat(browser.texts("#over-time .gap"))
        .containsOnly("Shaded: the capture at server does not reach there.")
        .hasSize(2);
    assertThat(browser.run("return OverTime.sums(Data.report.over_time[0]).arrived.at(-1)"))
        .as("what arrives at server in the end is unknown")
        .isNull();
    assertThat(browser.run("return OverTime.sums(Data.report.over_time[0]).sent.at(-1) !== null"))
        .isEqualTo(true);
    assertThat(browser.run("return OverTime.sums(Data.report.over_time[0]).arrived[1]"))
        .as("within what it holds, silence is 0")
        .isEqualTo(0L);
    browser.drag(browser.the("#over-time .u-over"), 0.2, 0.4);
    assertThat(browser.the(".zoomed").getText()).startsWith("The ladder shows ");
    browser.assertQuiet(gap);
  }

  @Test
  void delayWithoutAUsableClockIsNotDrawnAndThePageSaysWhy(@TempDir Path folder)
      throws IOException {
    Path[] captures =
        Story.of(Story.FOLDER.resolve("capture.one-direction.txt")).captures(folder.resolve("in"));
    Path blind = folder.resolve("page.html");
    CommandRun.compare("--html", blind, captures[0], captures[1]).assertDone();
    browser.open(blind);
    assertThat(browser.texts(".leg-over-time .hint"))
        .anyMatch(hint -> hint.startsWith("One-way delay and jitter are not shown: "));
    assertThat(browser.texts(".over-time figcaption"))
        .contains("Throughput, payload")
        .noneMatch(title -> title.startsWith("One-way delay"));
    browser.assertQuiet(blind);
  }

  @Test
  void policyLetsNoOtherScriptRun() {
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.strange = 1';"
            + " document.body.append(s);");
    assertThat(browser.run("return window.strange")).isNull();
    assertThat(browser.console()).anyMatch(line -> line.contains("Content Security Policy"));
  }

  @Test
  void hostileNamesAreOnlyShown(@TempDir Path folder) throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    // No name contains a slash, but a folder's name may end with the character before it.
    Path below = Files.createDirectory(folder.resolve("<"));
    Path client = below.resolve("script><script>window.strange=1<!--\"'&lt;.pcap");
    Path server = folder.resolve("<img src=x onerror=window.strange=1>@SCRIPT@${x}.pcap");
    Files.copy(seed[0], client);
    Files.copy(seed[1], server);
    Path hostile = folder.resolve("page.html");
    String filter = "not frame contains \"\u202eevil\u2028\"";
    CommandRun.compare("--html", hostile, "--filter", filter, client, server).assertDone();
    browser.open(hostile);
    browser.assertQuiet(hostile);
    assertThat(browser.run("return window.strange")).isNull();
    assertThat(browser.all("img")).isEmpty();
    assertThat(browser.the("#about").getText())
        .contains("</script><script>window.strange=1<!--\"'&lt;.pcap")
        .contains("$'not frame contains \"\\xe2\\x80\\xaeevil\\xe2\\x80\\xa8\"'")
        .contains("<img src=x onerror=window.strange=1>@SCRIPT@${x}.pcap");
    assertThat(browser.texts(".tx")).isNotEmpty();
    assertThat(copied(".streams .copy:nth-of-type(2)"))
        .isEqualTo(
            "tshark -r '" + client.toString().replace("'", "'\\''") + "' -Y 'tcp.stream eq 0'");
  }

  /** Control characters are escapes that bash, zsh and ksh read. */
  @Test
  void everyFileNameIsOneArgument() {
    assertThat(browser.run("return ['-r', 'a b', '$(x)', \"it's\", \"\\n'\"].map(Commands.file)"))
        .isEqualTo(List.of("./-r", "'a b'", "'$(x)'", "'it'\\''s'", "$'\\x0a\\''"));
  }

  @Test
  void longConnectionIsCutAndStillShowsLateLosses(@TempDir Path folder) throws IOException {
    Path script = folder.resolve("long.txt");
    Files.writeString(
        script,
        """
        point client
        point server
        between client server  delay 10ms  hops 3
        connection long  192.0.2.10:50001 -> 198.51.100.20:8443
        0.000 handshake <mss 1460> <mss 1460>
        1.000 exchange 1500 times 100 100 every 1ms
        90.000 c2s P. 150001:150101(100) ack 150001  lost
        90.300 c2s P. 150001:150101(100) ack 150001
        """);
    Path[] captures = Story.of(script).captures(folder);
    Path cut = folder.resolve("page.html");
    CommandRun.compare("--html", cut, captures[0], captures[1]).assertDone();
    browser.open(cut);
    assertThat(browser.the(".cut").getText()).contains("next to frames of findings");
    browser.the("#code-filter").sendKeys("path.lost");
    browser.click(browser.the(".finding summary"));
    browser.click(browser.the(".actions button"));
    assertThat(browser.all(".tx.is-lost")).hasSize(1);
    assertThat(browser.the(".strip").getDomAttribute("aria-label"))
        .startsWith("The whole connection, 90.3 s: at most ")
        .endsWith("1 transmission lost");
    assertThat(browser.all(".strip .loss")).hasSize(1);
    browser.click(browser.the("#only-lost"));
    assertThat(browser.all(".tx")).hasSize(1);
    goTo("second", "1.5");
    assertThat(chosen()).as("the nearest one that is lost").contains("150001");
    goTo("frame at client", "20");
    assertThat(chosen()).contains("client frame 20");
    assertThat(browser.the("#only-lost").isSelected()).isFalse();
    goTo("frame at client", "4000");
    assertThat(browser.the(".go-note").getText())
        .startsWith("Frame 4000 is not in the page; the nearest one is ");
    assertThat(browser.texts(".plots .u-title"))
        .containsExactly(
            "Sent client to server, the largest segment of each 376 ms",
            "Sent server to client, the largest segment of each 376 ms",
            "Bytes of payload in each 376 ms");
    browser.assertQuiet(cut);
  }

  private static void goTo(String unit, String number) {
    choose("#go-unit", unit);
    browser.the("#go-number").clear();
    browser.the("#go-number").sendKeys(number);
    browser.click(browser.the(".go button"));
  }

  @Test
  void appearsWholeOrNotAtAll(@TempDir Path folder) throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    CommandRun.compare("--html", folder, seed[0], seed[1]).assertNoStackTrace();
    Path both = folder.resolve("report");
    CommandRun same = CommandRun.compare("--html", both, "--json", both, seed[0], seed[1]);
    assertThat(same.status()).isEqualTo(Main.USAGE);
    assertThat(same.err()).contains("--json and --html name the same file");
    Path copy = Files.copy(seed[0], folder.resolve("client.pcap"));
    CommandRun over = CommandRun.compare("--html", copy, copy, seed[1]);
    assertThat(over.status()).isEqualTo(Main.UNUSABLE);
    assertThat(copy).hasSameBinaryContentAs(seed[0]);
  }

  @Test
  void isSelfContained() throws IOException {
    String html = Files.readString(page);
    assertThat(html.toLowerCase(Locale.ROOT))
        .doesNotContain("src=\"", "<link", "@import", "url(", "unsafe-");
  }
}
