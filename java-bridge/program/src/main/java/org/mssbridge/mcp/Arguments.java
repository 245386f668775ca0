package org.mssbridge.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arguments of a call, by name. */
record Arguments(Map<String, Object> values) {
  boolean has(String name) {
    return values.get(name) != null;
  }

  String text(String name) throws Refusal {
    if (values.get(name) instanceof String text) {
      return text;
    }
    throw new Refusal("argument " + name + ": is no text");
  }

  List<String> texts(String name) throws Refusal {
    if (values.get(name) instanceof List<?> list) {
      List<String> texts = new ArrayList<>();
      for (Object element : list) {
        if (!(element instanceof String text)) {
          throw new Refusal("argument " + name + ": has an element that is no text");
        }
        texts.add(text);
      }
      return texts;
    }
    throw new Refusal("argument " + name + ": is no list of texts");
  }

  int number(String name, int least, int most, int usual) throws Refusal {
    if (!has(name)) {
      return usual;
    }
    if (values.get(name) instanceof Integer number && number >= least && number <= most) {
      return number;
    }
    throw new Refusal("argument " + name + ": is no whole number from " + least + " to " + most);
  }
}
