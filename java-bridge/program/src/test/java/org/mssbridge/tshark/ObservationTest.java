package org.mssbridge.tshark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mssbridge.model.Frame;

/** What a line of tshark's output says, and that nothing of the line before it stays. */
class ObservationTest {
  private static String line(Set<EkField> fields) {
    return fields.stream()
        .map(f -> '"' + f.filterName().replace('.', '_') + "\":[\"" + value(f) + "\"]")
        .collect(Collectors.joining(",", "{\"layers\":{", "}}\n"));
  }

  private static String value(EkField field) {
    return switch (field) {
      case FRAME_TIME -> "1700000000.000000007";
      case FRAME_PROTOCOLS -> "raw:ip:tcp:mss:http";
      case IP_SOURCE, IP_DESTINATION -> "192.0.2." + (field.column() + 1);
      case IPV6_SOURCE, IPV6_DESTINATION -> "2001:db8::" + (field.column() + 1);
      case TCP_OPTIONS, TLS_RANDOM, PAYLOAD_DIGEST -> "00" + (field.column() + 10);
      default -> String.valueOf(field.column() + 1);
    };
  }

  /** What every question about the last of some frames is answered with. */
  private static Map<String, String> answers(String lines) {
    List<Map<String, String>> all = new ArrayList<>();
    FrameStream stream = new FrameStream((number, frame) -> all.add(answers(number, frame)));
    stream.read(new ByteArrayInputStream(lines.getBytes(UTF_8)), () -> {});
    assertThat(stream.failure()).isEmpty();
    return all.get(all.size() - 1);
  }

  private static Map<String, String> answers(int number, Frame frame) {
    Map<String, String> answers = new TreeMap<>();
    answers.put("number", number + "");
    for (Method question : Frame.class.getMethods()) {
      if (question.getParameterCount() == 0) {
        try {
          answers.put(question.getName(), String.valueOf(question.invoke(frame)));
        } catch (ReflectiveOperationException e) {
          answers.put(question.getName(), "has no answer");
        }
      }
    }
    return answers;
  }

  @ParameterizedTest
  @EnumSource
  void absentFieldHasNoValueOfTheLineBefore(EkField absent) {
    Set<EkField> rest = EnumSet.complementOf(EnumSet.of(absent, EkField.LUA_ERROR));
    Set<EkField> all = EnumSet.complementOf(EnumSet.of(EkField.LUA_ERROR));
    assertThat(answers(line(all) + line(rest))).isEqualTo(answers(line(rest)));
  }

  @Test
  void frameWithoutAnyFieldHasNoTime() {
    Set<EkField> all = EnumSet.allOf(EkField.class);
    assertThat(answers(line(all) + line(EnumSet.noneOf(EkField.class))))
        .containsEntry("timeNanos", Frame.NO_TIME + "")
        .containsEntry("frameBytes", "0")
        .containsEntry("isTcp", "false");
    assertThat(answers(line(all))).containsEntry("timeNanos", "1700000000000000007");
    assertThat(Arrays.stream(Frame.class.getMethods()).count()).isGreaterThan(30);
  }
}
