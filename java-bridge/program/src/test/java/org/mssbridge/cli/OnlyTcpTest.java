package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --only-tcp}: what a capture holds besides TCP is neither compared nor counted. */
class OnlyTcpTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"evidence", "all"})
  void nothingIsSaidOfOtherProtocols(String frames) throws Exception {
    Path[] captures = Story.of(Story.FOLDER.resolve("datagrams.txt")).captures(folder);
    List<String> options = List.of("--frames", frames);
    ReportOf all = ReportOf.captures(options, captures);
    assertThat(maps(all.root().get("flows"))).isNotEmpty();
    ReportOf tcp = ReportOf.captures(List.of("--frames", frames, "--only-tcp"), captures);
    assertThat(maps(tcp.root().get("flows"))).isEmpty();
    assertThat(maps(tcp.root().get("captures")))
        .allSatisfy(
            capture -> assertThat(map(capture.get("besides_tcp"))).containsEntry("read", false));
    assertThat(tcp.connections()).isEqualTo(all.connections());
    assertThat(tcp.findings())
        .extracting(finding -> finding.get("code"))
        .doesNotContain("path.lost", "path.reordered", "nat.source", "dscp.changed")
        .contains("path.middlebox");
    CommandRun text =
        CommandRun.compare(captures[0], captures[1], "--only-tcp", "--frames", frames);
    assertThat(text.out()).doesNotContain("UDP", "besides TCP");
  }
}
