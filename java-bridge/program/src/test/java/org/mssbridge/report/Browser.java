package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.mssbridge.cli.ReportOf;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.Interaction;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser without a window, with its log of the page's errors and requests. */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Selenium warns of every browser that is newer than itself; the features used here are in all of
   * them.
   */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  public Browser() {
    SELENIUM.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(onPath("chromium"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // Chrome has no sandbox for root; the page is the tests' own.
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--window-size=1440,1000");
    options.setCapability("goog:loggingPrefs", logs);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver"))
                .usingAnyFreePort()
                .withSilent(true)
                .build(),
            options);
  }

  private static File onPath(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing: run .ci/need " + name));
  }

  public void open(Path page) {
    forget();
    driver.get(page.toUri().toString());
  }

  private void forget() {
    driver.manage().logs().get(LogType.BROWSER);
    driver.manage().logs().get(LogType.PERFORMANCE);
  }

  /** The element, once it exists: the page adds what a click opens a moment later. */
  public WebElement the(String selector) {
    driver.manage().timeouts().implicitlyWait(PATIENCE);
    try {
      return driver.findElement(By.cssSelector(selector));
    } finally {
      driver.manage().timeouts().implicitlyWait(Duration.ZERO);
    }
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The visible text of each element. */
  public List<String> texts(String selector) {
    return all(selector).stream().map(WebElement::getText).toList();
  }

  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** The arrow of a ladder whose name contains the text. */
  WebElement arrow(String label) {
    return all(".tx").stream()
        .filter(node -> node.getDomAttribute("aria-label").contains(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no arrow of " + label));
  }

  /**
   * Clicks as a reader does, after scrolling to the element; once more if it moved meanwhile, since
   * what is above it was drawn again.
   */
  public void click(WebElement element) {
    String scroll = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
    run(scroll, element);
    try {
      element.click();
    } catch (ElementClickInterceptedException e) {
      run(scroll, element);
      element.click();
    }
  }

  /** Drags with the mouse over an element, between parts (0 to 1) of its width. */
  void drag(WebElement element, double from, double to) {
    run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element);
    int width = element.getSize().getWidth();
    new Actions(driver)
        .moveToElement(element, (int) Math.round((from - 0.5) * width), 0)
        .clickAndHold()
        .moveByOffset((int) Math.round((to - from) * width), 0)
        .release()
        .perform();
  }

  /** Drags with a finger over an element, between parts (0 to 1) of its width. */
  void swipe(WebElement element, double from, double to) {
    run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element);
    int width = element.getSize().getWidth();
    PointerInput finger = new PointerInput(PointerInput.Kind.TOUCH, "finger");
    PointerInput.Origin centre = PointerInput.Origin.fromElement(element);
    driver.perform(
        List.of(
            new Sequence(finger, 0)
                .addAction(move(finger, centre, (from - 0.5) * width))
                .addAction(finger.createPointerDown(PointerInput.MouseButton.LEFT.asArg()))
                .addAction(move(finger, centre, ((from + to) / 2 - 0.5) * width))
                .addAction(move(finger, centre, (to - 0.5) * width))
                .addAction(finger.createPointerUp(PointerInput.MouseButton.LEFT.asArg()))));
  }

  private static Interaction move(PointerInput finger, PointerInput.Origin origin, double x) {
    return finger.createPointerMove(Duration.ofMillis(50), origin, (int) Math.round(x), 0);
  }

  /** Presses keys on the focused element. */
  public void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** The clipboard's text, by pasting it into a field. */
  String pasteInto(WebElement field) {
    field.clear();
    field.sendKeys(Keys.chord(Keys.CONTROL, "v"));
    return field.getDomProperty("value");
  }

  /** Emulates a medium and a colour scheme, such as {@code print} and {@code dark}. */
  public void emulate(String media, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Makes the window this wide, in CSS pixels. */
  public void width(int pixels) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Makes the window as wide as at first. */
  public void restoreWidth() {
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  /**
   * What is wider than its place, so that a part of it is cut off or needs to be scrolled to; the
   * short words of tables that are cut into two lines, though not at a hyphen or a dash; and cells
   * of several boxes, which a narrow screen would spread over its grid.
   */
  public List<?> clipped() {
    return (List<?>)
        run(
            "const wide = e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1"
                + " && getComputedStyle(e).overflowX !== 'visible' && e.checkVisibility();"
                + "const names = [...document.querySelectorAll('body, body *:not(select)')]"
                + "  .filter(wide).map(e => e.tagName + ' ' + e.className);"
                + "const page = document.documentElement;"
                + "if (page.scrollWidth > page.clientWidth) names.push('page');"
                + "document.querySelectorAll('svg.ladder').forEach(svg => {"
                + "  const box = svg.getBoundingClientRect();"
                + "  svg.querySelectorAll('text').forEach(text => {"
                + "    const own = text.getBoundingClientRect();"
                + "    if (own.left < box.left - 1 || own.right > box.right + 1)"
                + "      names.push(text.textContent); }); });"
                + "document.querySelectorAll('td').forEach(cell => {"
                + "  if (cell.dataset.title && cell.childNodes.length > 1) names.push(cell.textContent);"
                + "  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);"
                + "  while (texts.nextNode()) {"
                + "    for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {"
                + "      if (word[0].length > 21 || /[-\\u2013]/.test(word[0])) continue;"
                + "      const range = document.createRange();"
                + "      range.setStart(texts.currentNode, word.index);"
                + "      range.setEnd(texts.currentNode, word.index + word[0].length);"
                + "      const lines = [...range.getClientRects()].map(box => box.top);"
                + "      if (new Set(lines).size > 1) names.push(word[0]);"
                + "    } } });"
                + "return names;");
  }

  /** The page as a PDF, in base64. */
  String pdf() {
    return (String) driver.executeCdpCommand("Page.printToPDF", Map.of()).get("data");
  }

  /**
   * Asserts that the console has no errors, warnings or policy violations, and that only the page
   * was requested.
   */
  public void assertQuiet(Path page) {
    assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
        .extracting(LogEntry::getMessage)
        .as("console")
        .isEmpty();
    assertThat(requests()).as("requests").containsOnly(page.toUri().toString());
  }

  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  private List<String> requests() {
    List<String> urls = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      try (JsonParser parser = new JsonFactory().createParser(entry.getMessage())) {
        Map<String, Object> message =
            ReportOf.map(ReportOf.map(ReportOf.parse(parser)).get("message"));
        if ("Network.requestWillBeSent".equals(message.get("method"))) {
          Map<String, Object> request =
              ReportOf.map(ReportOf.map(message.get("params")).get("request"));
          urls.add(String.valueOf(request.get("url")).replace("file:/tmp", "file:///tmp"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return urls;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
