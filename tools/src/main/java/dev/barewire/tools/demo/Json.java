package dev.barewire.tools.demo;

import java.util.List;
import java.util.Map;

/** Writes JSON (RFC 8259): maps, lists, numbers, booleans; anything else as the string that it calls itself. */
final class Json {
    private Json() {
    }

    /**
     * Writes a value.
     *
     * @param value the value; a map's entries keep their order
     * @return the text, on one line
     */
    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> writeMap(map, text);
            case List<?> list -> writeList(list, text);
            case Double number when !Double.isFinite(number) -> text.append("null");
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> writeString(value.toString(), text);
        }
    }

    private static void writeMap(Map<?, ?> map, StringBuilder text) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            writeString(entry.getKey().toString(), text);
            text.append(": ");
            write(entry.getValue(), text);
            separator = ", ";
        }
        text.append(map.isEmpty() ? "{}" : "}");
    }

    private static void writeList(List<?> list, StringBuilder text) {
        String separator = "[";
        for (Object item : list) {
            text.append(separator);
            write(item, text);
            separator = ", ";
        }
        text.append(list.isEmpty() ? "[]" : "]");
    }

    private static void writeString(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
