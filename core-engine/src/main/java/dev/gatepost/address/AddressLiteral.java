package dev.gatepost.address;

import java.util.Locale;

/** An IP address in square brackets in the place of a domain (RFC 5321, section 4.1.3). */
final class AddressLiteral {
    private static final String IPV6_TAG = "ipv6:";
    private static final int IPV4_NUMBERS = 4;
    private static final int IPV4_NUMBER_DIGITS_MAX = 3;
    private static final int IPV4_NUMBER_MAX = 255;
    private static final int IPV6_GROUPS = 8;
    private static final int IPV6_GROUP_DIGITS_MAX = 4;

    /** A double colon stands for at least two groups, unlike in RFC 4291. */
    private static final int IPV6_GROUPS_BESIDE_DOUBLE_COLON_MAX = 6;

    private AddressLiteral() {}

    /** Whether the text is {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}; other tags exist in no registry. */
    static boolean isOne(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return false;
        }
        var inside = text.substring(1, text.length() - 1).toLowerCase(Locale.ROOT);
        return inside.startsWith(IPV6_TAG) ? isIpv6(inside.substring(IPV6_TAG.length())) : isIpv4(inside);
    }

    private static boolean isIpv6(String text) {
        var doubleColon = text.indexOf("::");
        if (doubleColon < 0) {
            return groups(text, true) == IPV6_GROUPS;
        }
        var before = text.substring(0, doubleColon);
        var after = text.substring(doubleColon + 2);
        var groupsBefore = before.isEmpty() ? 0 : groups(before, false);
        var groupsAfter = after.isEmpty() ? 0 : groups(after, true);
        return groupsBefore >= 0
                && groupsAfter >= 0
                && groupsBefore + groupsAfter <= IPV6_GROUPS_BESIDE_DOUBLE_COLON_MAX;
    }

    /** How many 16-bit groups the text holds, an IPv4 tail counting as two; -1 if it is not made of groups. */
    private static int groups(String text, boolean mayEndInIpv4) {
        var count = 0;
        var start = 0;
        while (start <= text.length()) {
            var colon = text.indexOf(':', start);
            var end = colon < 0 ? text.length() : colon;
            var group = text.substring(start, end);
            if (isGroup(group)) {
                count++;
            } else if (colon < 0 && mayEndInIpv4 && isIpv4(group)) {
                count += 2;
            } else {
                return -1;
            }
            start = end + 1;
        }
        return count;
    }

    private static boolean isGroup(String text) {
        return !text.isEmpty()
                && text.length() <= IPV6_GROUP_DIGITS_MAX
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static boolean isIpv4(String text) {
        var numbers = text.split("\\.", -1);
        if (numbers.length != IPV4_NUMBERS) {
            return false;
        }
        for (var number : numbers) {
            if (number.isEmpty()
                    || number.length() > IPV4_NUMBER_DIGITS_MAX
                    || !number.chars().allMatch(c -> c >= '0' && c <= '9')
                    || Integer.parseInt(number) > IPV4_NUMBER_MAX) {
                return false;
            }
        }
        return true;
    }
}
