package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.report.Browser;
import org.mssbridge.script.CaptureTransform;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of {@code case --html} in a browser. */
class CasePageTest {
  private static final String HOSTILE = "<script>window.strange=1</script>";

  private static Browser browser;
  private static Path page;

  /** The same captures on three days, and a pair that fails; all names contain a script. */
  @BeforeAll
  static void makeCase(@TempDir Path folder) throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    String[] pairs = new String[4];
    for (int day = 0; day < 3; day++) {
      Path[] captures = new Path[2];
      for (int i = 0; i < 2; i++) {
        captures[i] = folder.resolve("<img src=x onerror=window.strange=1>" + day + i + ".pcap");
        CaptureTransform.shiftTime(Duration.ofDays(day)).apply(seed[i], captures[i]);
      }
      pairs[day] = CaseCommandTest.pair(HOSTILE + day, captures[0], captures[1]);
    }
    pairs[3] = CaseCommandTest.pair("--><!--\\u202e", folder.resolve("</script>.pcap"), seed[1]);
    Path file = CaseCommandTest.caseOf(folder, pairs);
    Path policy = folder.resolve("policy.csv");
    Files.writeString(policy, "code,direction,reason\nmss.clamped,s2c,</script>as agreed\n");
    CommandRun.of(
        "batch",
        folder.resolve("pairs.ndjson"),
        "--case",
        file,
        "--expect",
        policy,
        "--html",
        folder.resolve("pages"),
        "--quiet");
    page = folder.resolve("case.html");
    CommandRun.of("case", file, "--html", page, "--pages", folder.resolve("pages")).assertDone();
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

  @Test
  void showsTheCaseAndRunsNoScriptFromItsNames() {
    assertThat(browser.the("#verdict").getText())
        .startsWith("4 pairs: 3 compared, 1 failed, 0 unpaired");
    assertThat(browser.the("#boundaries").getText()).contains("client – server", "mss-clamp on 3");
    assertThat(browser.texts(".pairs tbody td:first-child"))
        .contains(HOSTILE + 0, HOSTILE + 2, "--><!--\\u{202e}");
    assertThat(browser.the(".pairs").getText()).contains("</script>.pcap: no such file");
    assertThat(browser.run("return window.strange")).isNull();
    assertThat(browser.all("img")).isEmpty();
    browser.assertQuiet(page);
  }

  @Test
  void changesAreFilteredAndAcceptedOnesAreSeparate() {
    int unexpected = browser.all(".change").size();
    assertThat(browser.texts(".change .message")).contains("client > server: MSS 1460 -> 1380");
    assertThat(browser.texts(".change .message"))
        .doesNotContain("server > client: MSS 1460 -> 1380");
    browser.the("#accepted-filter").sendKeys("what is accepted");
    assertThat(browser.all(".change")).hasSize(1);
    assertThat(openFirstChange().getText()).contains("Accepted: </script>as agreed");
    browser.the("#accepted-filter").sendKeys("both");
    assertThat(browser.all(".change")).hasSize(unexpected + 1);
    browser.the("#change-search").sendKeys("1460 1380");
    assertThat(browser.texts(".change .code")).containsExactly("mss.clamped", "mss.clamped");
    browser.click(browser.the(".toggle.warn"));
    assertThat(browser.all(".change")).isEmpty();
    assertThat(browser.the("#change-count").getText()).startsWith("0 of ");
  }

  @Test
  void openedChangeShowsItsTrend() {
    assertThat(browser.all("#boundaries canvas")).hasSize(1);
    browser.the("#change-search").sendKeys("mss.clamped");
    assertThat(openFirstChange().getText()).contains("In " + HOSTILE + 0);
    assertThat(browser.the(".change summary").getText())
        .contains("on 3 of 3 connections (100.0 %) in 3 pairs")
        .contains("since 2013-04-16 08:12:40 until 2013-04-18 08:12:40");
    assertThat(browser.all(".change canvas")).hasSize(1);
    assertThat(browser.the(".change .u-legend").getText())
        .contains("all of client – server", "mss.clamped");
    browser.emulate("screen", "dark");
    assertThat(browser.all(".change canvas")).hasSize(1);
    browser.assertQuiet(page);
  }

  @Test
  void pairsAreNamedAndLeadToTheirPages() {
    browser.the("#change-search").sendKeys("mss.clamped");
    List<WebElement> links = openFirstChange().findElements(By.tagName("a"));
    assertThat(links)
        .extracting(WebElement::getText)
        .containsExactly(HOSTILE + 0, HOSTILE + 1, HOSTILE + 2);
    assertThat(browser.texts(".pairs tbody a")).hasSize(3).contains(HOSTILE + 1);
    browser.click(links.get(1));
    assertThat(browser.the("#connection-title").getText()).startsWith("Connection ");
    assertThat(browser.the("#about").getText()).contains("onerror=window.strange=1>10.pcap");
    assertThat(browser.run("return window.strange")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1013, 1440})
  void nothingIsClippedAtAnyWidth(int width) {
    browser.width(width);
    try {
      browser.open(page);
      openFirstChange();
      assertThat(browser.clipped()).isEmpty();
    } finally {
      browser.restoreWidth();
    }
  }

  @Test
  void paperHoldsAllDetails() {
    int changes = browser.all(".change").size();
    browser.emulate("print", "light");
    browser.the(".change .detail");
    assertThat(browser.all(".change .detail")).hasSize(changes);
    assertThat(browser.clipped()).isEmpty();
  }

  @Test
  void pairsAreSearchedAndSorted() {
    browser.the("#pair-search").sendKeys("failed");
    assertThat(browser.all(".pairs tbody tr")).hasSize(1);
    browser.the("#pair-search").clear();
    browser.the("#pair-search").sendKeys("window.strange");
    browser.click(browser.the("#pair-sort-pair"));
    assertThat(browser.texts(".pairs tbody td:first-child")).first().isEqualTo(HOSTILE + 0);
    browser.click(browser.the("#pair-sort-pair"));
    assertThat(browser.texts(".pairs tbody td:first-child")).first().isEqualTo(HOSTILE + 2);
  }

  @Test
  void pageWorksWithTheKeyboardAlone() {
    WebElement summary = browser.the(".change summary");
    for (int i = 0; i < 40 && !isFocused(summary); i++) {
      browser.press(Keys.TAB);
    }
    assertThat(isFocused(summary)).as("the tab key reaches the first change").isTrue();
    browser.press(Keys.ENTER);
    assertThat(detail().isDisplayed()).isTrue();
  }

  private static WebElement openFirstChange() {
    browser.click(browser.the(".change summary"));
    return detail();
  }

  /** The browser fires the event asynchronously. */
  private static WebElement detail() {
    for (int i = 0; i < 100 && browser.all(".change .detail").isEmpty(); i++) {
      LockSupport.parkNanos(50_000_000);
    }
    return browser.the(".change .detail");
  }

  private static boolean isFocused(WebElement element) {
    return (Boolean) browser.run("return document.activeElement === arguments[0]", element);
  }

  @Test
  void printedPageHasNoControls() {
    browser.emulate("print", "dark");
    assertThat(browser.the(".controls").isDisplayed()).isFalse();
    assertThat(browser.the("#verdict").isDisplayed()).isTrue();
  }

  @Test
  void contentPolicyBlocksOtherScriptsAndThePageLoadsNothing() throws IOException {
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.strange = 1';"
            + " document.body.append(s);");
    assertThat(browser.run("return window.strange")).isNull();
    assertThat(Files.readString(page).toLowerCase(Locale.ROOT))
        .doesNotContain("src=\"", "<link", "@import", "url(", "unsafe-");
  }
}
