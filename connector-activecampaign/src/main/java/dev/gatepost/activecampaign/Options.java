package dev.gatepost.activecampaign;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectionOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an admin may choose beside URL and key.
 *
 * @param callsPerSecond calls of ours in any second, 1 to 5
 * @param workflows id of the workflow by id of the automation whose Webhook step calls us
 * @param tagPrefix what the tag with the verdict begins with; empty for no tags
 * @param bulkImport whether ten contacts and more may be written by import
 * @param onReject what happens to a contact that the rules reject, besides its fields
 */
record Options(
        int callsPerSecond, Map<String, String> workflows, String tagPrefix, boolean bulkImport, OnReject onReject) {
    /** ActiveCampaign allows five calls a second in all ("Rate Limits"); the fifth is left to others. */
    static final int CALLS_PER_SECOND = 4;

    static final int CALLS_PER_SECOND_MAX = 5;
    /** Longest tag in characters; ours are far shorter. */
    private static final int TAG_CHARS_MAX = 100;
    /** Most lists or automations that may be named. */
    private static final int NAMED_MAX = 100;

    Options {
        workflows = Map.copyOf(workflows);
    }

    /**
     * What is done to a rejected contact. Nothing here subscribes or deletes.
     *
     * @param tag tag to add, or empty
     * @param lists ids of the lists it is unsubscribed from
     * @param automation id of the automation it is added to once, or empty
     */
    record OnReject(String tag, List<String> lists, String automation) {
        OnReject {
            lists = List.copyOf(lists);
        }

        boolean isNothing() {
            return tag.isEmpty() && lists.isEmpty() && automation.isEmpty();
        }
    }

    /** @throws IllegalArgumentException when a setting cannot be used; the message names it */
    static Options of(Account account) {
        return new Options(
                Integer.parseInt(callsPerSecond(account).of(account)),
                workflows(account.setting(ActiveCampaignPlugin.AUTOMATION_WORKFLOWS)),
                tag(account, ActiveCampaignPlugin.STATUS_TAGS),
                yes(account, ActiveCampaignPlugin.BULK_IMPORT),
                new OnReject(
                        tag(account, ActiveCampaignPlugin.REJECT_TAG),
                        ids(account, ActiveCampaignPlugin.REJECT_UNSUBSCRIBE),
                        automation(account)));
    }

    /**
     * How many calls a second are made; usually as connecting said.
     *
     * @throws IllegalArgumentException when the setting cannot be used
     */
    static ConnectionOption callsPerSecond(Account account) {
        return new ConnectionOption(
                "calls_per_second",
                "Calls a second",
                "Calls to ActiveCampaign in any second; it allows all programs together 5.",
                new ConnectionOption.Kind.WholeNumber(
                        1,
                        CALLS_PER_SECOND_MAX,
                        callsPerSecond(account.setting(ActiveCampaignPlugin.CALLS_PER_SECOND))));
    }

    private static int callsPerSecond(String text) {
        if (text.isBlank()) {
            return CALLS_PER_SECOND;
        }
        if (!text.strip().matches("[1-5]")) {
            throw new IllegalArgumentException(ActiveCampaignPlugin.CALLS_PER_SECOND + " must be 1 to "
                    + CALLS_PER_SECOND_MAX + ", not " + text.strip());
        }
        return Integer.parseInt(text.strip());
    }

    private static Map<String, String> workflows(String text) {
        Map<String, String> byAutomation = new HashMap<>();
        for (var part : parts(ActiveCampaignPlugin.AUTOMATION_WORKFLOWS, text)) {
            var pair = part.split("=", 2);
            if (pair.length != 2 || !isId(pair[0].strip()) || pair[1].isBlank()) {
                throw new IllegalArgumentException(ActiveCampaignPlugin.AUTOMATION_WORKFLOWS
                        + " must look like 22=paying,31=newsletter: the automation's number, then the workflow's id");
            }
            byAutomation.put(pair[0].strip(), pair[1].strip());
        }
        return byAutomation;
    }

    private static String tag(Account account, String setting) {
        var tag = account.setting(setting).strip();
        if (tag.length() > TAG_CHARS_MAX || tag.contains(",")) {
            throw new IllegalArgumentException(
                    setting + " must have at most " + TAG_CHARS_MAX + " characters and no comma");
        }
        return tag;
    }

    private static boolean yes(Account account, String setting) {
        return switch (account.setting(setting).strip()) {
            case "yes", "true" -> true;
            case "", "no", "false" -> false;
            default -> throw new IllegalArgumentException(setting + " must be yes or no");
        };
    }

    private static List<String> ids(Account account, String setting) {
        var ids = parts(setting, account.setting(setting));
        if (!ids.stream().allMatch(Options::isId)) {
            throw new IllegalArgumentException(setting + " must be numbers with commas between them, such as 2,7");
        }
        return ids;
    }

    private static String automation(Account account) {
        var ids = ids(account, ActiveCampaignPlugin.REJECT_AUTOMATION);
        if (ids.size() > 1) {
            throw new IllegalArgumentException(ActiveCampaignPlugin.REJECT_AUTOMATION + " must be one number");
        }
        return ids.isEmpty() ? "" : ids.getFirst();
    }

    private static List<String> parts(String setting, String text) {
        var parts = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
        if (parts.size() > NAMED_MAX) {
            throw new IllegalArgumentException(setting + " names more than " + NAMED_MAX);
        }
        return parts;
    }

    static boolean isId(String text) {
        return text.matches("[0-9]{1,18}");
    }
}
