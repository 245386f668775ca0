package org.mssbridge.batch;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages of pairs in the folder of {@code batch --html}, as links from another page. */
public final class PairPages implements Function<String, Optional<String>> {
  private static final String HTML = ".html";

  private final Path folder;
  private final Path from;
  private final Set<String> names;

  /**
   * Reads the folder.
   *
   * @param folder of the pages
   * @param page the page that has the links
   * @throws IOException if the folder cannot be read
   */
  public PairPages(Path folder, Path page) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    this.from = page.toAbsolutePath().resolve("..").normalize();
    try (Stream<Path> files = Files.list(folder)) {
      this.names =
          files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
    }
  }

  /**
   * A relative link to the page of a pair; empty where the folder has none. A page whose name ends
   * with the digest of the id comes first: the shorter name is then another pair's.
   */
  @Override
  public Optional<String> apply(String id) {
    return Stream.of(PairOutputs.fileName(id), PairOutputs.longName(id))
        .map(name -> name + HTML)
        .filter(names::contains)
        .reduce((shorter, longer) -> longer)
        .map(name -> link(folder.resolve(name)));
  }

  private String link(Path page) {
    if (!page.getRoot().equals(from.getRoot())) {
      return page.toUri().toASCIIString();
    }
    List<String> names =
        Stream.iterate(0, i -> i + 1)
            .limit(from.relativize(page).getNameCount())
            .map(i -> from.relativize(page).getName(i).toString())
            .toList();
    try {
      return new URI(null, null, "./" + String.join("/", names), null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a path is always quoted", e);
    }
  }
}
