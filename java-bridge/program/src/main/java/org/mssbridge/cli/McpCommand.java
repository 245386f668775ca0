package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mssbridge.mcp.McpServer;
import org.mssbridge.model.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mssbridge mcp --allow FOLDER}. */
@Command(
    name = "mcp",
    description =
        "Serves an assistant over the Model Context Protocol, on standard input and output: it can"
            + " compare, inspect and explain, and read cases, below the folders that are allowed.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:the client has ended the session",
      "2:the command line is wrong",
      "3:a folder cannot be used"
    },
    footerHeading = "Example:%n",
    footer = "  mssbridge mcp --allow ~/captures")
final class McpCommand implements Callable<Integer> {
  @Option(
      names = "--allow",
      paramLabel = "FOLDER",
      required = true,
      description = "files in and below this folder may be read; may be given several times")
  private List<Path> folders;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        spec.commandLine()
            .getErr()
            .println("mssbridge: " + Printable.of(folder) + ": is no folder; name another one");
        return Main.UNUSABLE;
      }
    }
    new McpServer(
            (words, out, err) ->
                Main.run(words.toArray(String[]::new), main.environment(), out, err),
            Version.text(),
            folders)
        .serve(System.in, System.out);
    return Main.DONE;
  }
}
