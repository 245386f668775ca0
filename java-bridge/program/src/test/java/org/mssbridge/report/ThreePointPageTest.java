package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Story;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The page of three captures with a device on either side of the middle one. */
class ThreePointPageTest {
  private static final String STORY =
      """
      point client
      point middle  clock +100ms
      point server  clock +250ms
      between client middle  delay 5ms  hops 1
      between client middle  clamp 1400
      between client middle  c2s isn +1_000_000  both sack untranslated
      between middle server  delay 10ms  hops 2
      between middle server  clamp 1320

      connection shop  192.0.2.10:50001 -> 198.51.100.20:8443
      0.000 handshake <mss 1460, nop, nop, sackok>
      0.040 c2s .  1:1321 ack 1
      0.041 c2s .  1321:2641 ack 1  lost before server
      0.042 c2s .  2641:3961 ack 1
      0.043 c2s P. 3961:4500 ack 1  lost before middle
      0.073 s2c .  1 ack 1321 <nop, nop, sack 2641:3961>
      0.090 c2s .  1321:2641 ack 1
      0.091 c2s P. 3961:4500 ack 1
      0.121 s2c .  1 ack 4500
      0.132 s2c .  1:1321 ack 4500  missed at middle
      0.150 c2s .  4500 ack 1321
      0.300 c2s P. 4500:5900 ack 1321  lost before server  as big
      0.310 too-big 1300 from 203.0.113.1 quoting big
      0.330 c2s .  4500:5760 ack 1321
      0.330 c2s P. 5760:5900 ack 1321
      0.360 s2c .  1321 ack 5900

      connection fork  192.0.2.10:50002 -> 198.51.100.20:8443
      1.000 handshake <mss 1460>
      1.040 c2s P. 1:1001 ack 1  tso 500
      1.080 s2c .  1 ack 1001
      1.130 c2s R. 1001 ack 1
      """;

  private static Browser browser;
  private static Path page;

  @BeforeAll
  static void compare(@TempDir Path folder) throws IOException {
    Path[] captures =
        Story.of(Files.writeString(folder.resolve("three.txt"), STORY)).captures(folder);
    page = folder.resolve("page.html");
    CommandRun.compare("--html", page, captures[0], captures[1], captures[2]).assertDone();
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

  /** The position of a point's line, in pixels from the ladder's edge. */
  private static double line(int point) {
    return Double.parseDouble(browser.all(".rail").get(point).getDomAttribute("x1"));
  }

  private static double end(WebElement arrow, String shaft) {
    return Double.parseDouble(arrow.findElement(By.cssSelector(shaft)).getDomAttribute("x2"));
  }

  @Test
  void pathIsDrawnLegByLeg() {
    assertThat(browser.texts(".point h3")).containsExactly("point1", "point2", "point3");
    assertThat(browser.texts(".leg .functions"))
        .containsExactly("router\nMSS clamp\nISN-randomising firewall", "router\nMSS clamp");
    assertThat(browser.texts(".leg .icmp dd")).containsExactly("1300");
    assertThat(browser.texts(".connections tbody td:nth-child(6)"))
        .contains("1460 \u2192 1400 \u2192 1320");
    browser.assertQuiet(page);
  }

  @Test
  void lostSegmentEndsOnTheLegThatLostIt() {
    WebElement first = browser.arrow("point1 frame 7");
    assertThat(end(first, ".shaft.lost")).isBetween(line(0) + 20, line(1) - 20);
    WebElement second = browser.arrow("point1 frame 5");
    assertThat(second.findElements(By.cssSelector(".shaft"))).hasSize(2);
    assertThat(end(second, ".shaft.lost")).isBetween(line(1) + 20, line(2) - 20);
  }

  @Test
  void segmentThatACaptureMissedStillArrives() {
    WebElement passed = browser.arrow("point3 frame 10, point1 frame 12");
    assertThat(end(passed, ".shaft.missed")).isCloseTo(line(0), within(8.0));
    browser.click(passed.findElement(By.cssSelector(".label")));
    assertThat(browser.the(".panel").getText())
        .contains("the next point's capture lacks them")
        .contains("frame.number == 10")
        .contains("frame.number == 12");
  }

  @Test
  void repetitionsAndUntranslatedSackAreMarkedWhereTheyWereSeen() {
    assertThat(browser.arrow("point1 frame 9").getText())
        .contains("1321\u20132640 (1320) repeated");
    assertThat(browser.arrow("point1 frame 4").getText()).doesNotContain("repeated");
    assertThat(browser.arrow("point1 frame 8").findElements(By.cssSelector(".strange")))
        .extracting(WebElement::getText)
        .containsExactly("SACK raw 2102641\u2013\u20263961");
  }

  @Test
  void splitSegmentForksAndShowsItsPieces() {
    browser.click(browser.all("#connections button.open").get(1));
    WebElement fork = browser.all(".tx.data").get(2);
    assertThat(fork.findElements(By.cssSelector(".shaft"))).hasSize(4);
    browser.click(fork.findElement(By.cssSelector(".label")));
    assertThat(browser.the(".panel").getText())
        .contains("cut or joined on its way")
        .contains("frame.number in {");
  }

  @Test
  void middleLabelsAreAboveTheirArrowsAndNothingIsCutOff() {
    Object below =
        browser.run(
            "return [...document.querySelectorAll('.tx')].flatMap(tx => [...tx.querySelectorAll("
                + "'.label')].map((text, i) => [text, tx.querySelectorAll('.dot, .mark')[i]]))"
                + ".filter(([text, dot]) => {"
                + "  const x = dot.getBBox().x + dot.getBBox().width / 2;"
                + "  const middle = +document.querySelectorAll('.rail')[1].getAttribute('x1');"
                + "  const y = dot.getBBox().y + dot.getBBox().height / 2;"
                + "  return Math.abs(x - middle) < 1 && +text.getAttribute('y') > y - 3; })"
                + ".map(([text]) => text.textContent)");
    assertThat((List<?>) below).as("labels that their own arrow crosses").isEmpty();
    assertThat(
            browser.run(
                "const t = document.querySelector('.tall');"
                    + " return t.scrollWidth - t.clientWidth"))
        .as("pixels of the ladder that are out of sight")
        .isEqualTo(0L);
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1013, 1440})
  void nothingIsClippedAtAnyWidth(int width) {
    browser.width(width);
    try {
      browser.open(page);
      assertThat(browser.texts(".rail-name")).containsExactly("point1", "point2", "point3");
      assertThat(browser.clipped()).isEmpty();
    } finally {
      browser.restoreWidth();
    }
  }

  @Test
  void paperShowsTheWholePathAndThePlotsInItsOwnColours() {
    browser.emulate("screen", "dark");
    browser.emulate("print", "dark");
    assertThat(
            browser.run(
                "document.body.style.width = '716px';"
                    + "return Math.max(...[...document.querySelectorAll('.path > li')]"
                    + ".map(li => li.getBoundingClientRect().right))"
                    + " - document.body.getBoundingClientRect().right"))
        .as("pixels of the path beyond A4 paper")
        .satisfies(over -> assertThat(((Number) over).doubleValue()).isLessThanOrEqualTo(0));
    assertThat(
            (Boolean)
                browser.run(
                    "const c = document.querySelector('.plots canvas');"
                        + "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                        + "for (let i = 0; i < d.length; i += 4)"
                        + "  if (d[i] === 0x0b && d[i + 1] === 0x57 && d[i + 2] === 0xd0) return true;"
                        + "return false"))
        .as("the plot is drawn in the dark blue of paper")
        .isTrue();
  }
}
