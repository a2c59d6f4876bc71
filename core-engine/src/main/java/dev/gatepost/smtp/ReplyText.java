package dev.gatepost.smtp;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A reply's text as words to compare: lower case, without accents, punctuation and mail addresses, which may spell
 * anything. An IPv4 address becomes the word {@code ipaddr}.
 *
 * @param words in order
 */
record ReplyText(List<String> words) {
    /** Longest text looked at, in characters; no server explains itself at greater length. */
    static final int CHARS_MAX = 2_000;

    private static final String IP_WORD = " ipaddr ";

    /** Four groups of up to three digits; documentation writes x for a digit. Every quantifier is bounded. */
    private static final Pattern IPV4 = Pattern.compile("(?<![\\w.])(?:[0-9xX]{1,3}\\.){3}[0-9xX]{1,3}(?!\\w)");

    private static final int LOCAL_PART_CHARS_MAX = 64;

    /** Most words between "host" and "said" where a relay quotes the next one: a name and its address. */
    private static final int QUOTED_HOST_WORDS_MAX = 12;

    /** Most words of an SMTP command's name after "in reply to". */
    private static final int COMMAND_WORDS_MAX = 6;

    ReplyText {
        words = List.copyOf(words);
    }

    static ReplyText of(String raw) {
        var text = raw.length() > CHARS_MAX ? raw.substring(0, CHARS_MAX) : raw;
        var plain = IPV4.matcher(withoutAddresses(text)).replaceAll(IP_WORD);
        return new ReplyText(withoutAsides(split(plain)));
    }

    /** All words with one space between, for scripts that write none. */
    String joined() {
        return String.join(" ", words);
    }

    /** The words of {@code text}, folded as replies and phrases both are. */
    static List<String> split(String text) {
        var folded = Normalizer.normalize(text.replace("\u00df", "ss"), Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT);
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                word.append(folded(c));
            } else if (!isIgnored(folded, i) && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** Letters that Unicode does not take apart into a base and a mark. */
    private static char folded(char c) {
        return switch (c) {
            case '\u0142' -> 'l';
            case '\u00f8' -> 'o';
            case '\u0131' -> 'i';
            default -> c;
        };
    }

    /** Accents, and the apostrophe of "doesn't". */
    private static boolean isIgnored(String text, int at) {
        char c = text.charAt(at);
        if (Character.getType(c) == Character.NON_SPACING_MARK) {
            return true;
        }
        boolean apostrophe = c == '\'' || c == '\u2019' || c == '`';
        boolean inside = at > 0 && at + 1 < text.length();
        return apostrophe && inside && text.charAt(at - 1) == 'n' && text.charAt(at + 1) == 't';
    }

    private static String withoutAddresses(String text) {
        if (text.indexOf('@') < 0) {
            return text;
        }
        var chars = text.toCharArray();
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int from = at;
            while (from > 0 && at - from < LOCAL_PART_CHARS_MAX && isLocalPart(text.charAt(from - 1))) {
                from--;
            }
            int to = at + 1;
            while (to < text.length() && (Character.isLetterOrDigit(chars[to]) || ".-".indexOf(chars[to]) >= 0)) {
                to++;
            }
            Arrays.fill(chars, from, to, ' ');
        }
        return new String(chars);
    }

    private static boolean isLocalPart(char c) {
        return Character.isLetterOrDigit(c) || "._+-=%&!#$*/?^{|}~@".indexOf(c) >= 0;
    }

    /** Drops "in reply to ... command" and "host ... said", which are words of the machine that quotes. */
    private static List<String> withoutAsides(List<String> words) {
        var kept = new ArrayList<String>(words.size());
        for (int i = 0; i < words.size(); i++) {
            int end = -1;
            if (words.get(i).equals("host")) {
                end = indexWithin(words, "said", i + 1, QUOTED_HOST_WORDS_MAX);
            } else if (words.get(i).equals("in")
                    && i + 1 < words.size()
                    && words.get(i + 1).equals("reply")) {
                end = indexWithin(words, "command", i + 2, COMMAND_WORDS_MAX);
            }
            if (end >= 0) {
                i = end;
            } else {
                kept.add(words.get(i));
            }
        }
        return kept;
    }

    private static int indexWithin(List<String> words, String word, int from, int wordsMax) {
        int end = Math.min(words.size(), from + wordsMax);
        for (int i = from; i < end; i++) {
            if (words.get(i).equals(word)) {
                return i;
            }
        }
        return -1;
    }
}
