package dev.gatepost.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.address.Defect;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.DomainPolicy;
import dev.gatepost.dns.DomainPolicy.Dmarc;
import dev.gatepost.dns.DomainPolicy.MtaSts;
import dev.gatepost.dns.DomainPolicy.Spf;
import dev.gatepost.lists.ListHit;
import dev.gatepost.lists.ListName;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Trouble;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import dev.gatepost.smtp.Trust;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Evidence as JSON, as it is stored and as {@code ?evidence} shows it. Each object says its kind in {@code seen}. */
public final class EvidenceJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private EvidenceJson() {}

    /** A JSON array, one object for each observation, in order. */
    public static String write(List<Evidence> evidence) {
        var array = JSON.createArrayNode();
        evidence.forEach(each -> array.add(node(each)));
        return array.toString();
    }

    /**
     * Reads what {@link #write} wrote, by this version or an earlier one.
     *
     * @throws IllegalStateException when the text is not such JSON: the store is damaged or newer than the program
     */
    public static List<Evidence> read(String json) {
        try {
            var evidence = new ArrayList<Evidence>();
            JSON.readTree(json).forEach(each -> evidence.add(one(each)));
            return evidence;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException("stored evidence cannot be read", e);
        }
    }

    static ObjectNode node(Evidence evidence) {
        var node = JSON.createObjectNode();
        switch (evidence) {
            case Evidence.Malformed(var defect) ->
                node.put("seen", "malformed").put("defect", word(defect)).put("text", defect.sentence());
            case Evidence.Form(var subaddressed, var smtputf8, var homograph) ->
                node.put("seen", "form")
                        .put("subaddress", subaddressed)
                        .put("smtputf8", smtputf8)
                        .put("homograph", homograph);
            case Evidence.CrmSaid(var property, var value, var meaning) ->
                node.put("seen", "crm_said")
                        .put("property", property)
                        .put("value", value)
                        .put("meaning", word(meaning));
            case Evidence.RandomLooking _ -> node.put("seen", "random_looking");
            case Evidence.Listed(var hit) -> withHit(node.put("seen", "listed"), hit);
            case Evidence.Suggested(var address) ->
                node.put("seen", "suggested").put("address", address);
            case Evidence.SpecialUse(var domain) ->
                node.put("seen", "special_use").put("domain", domain);
            case Evidence.StillAsking _ -> node.put("seen", "still_asking");
            case Evidence.Offline _ -> node.put("seen", "offline");
            case Evidence.NoDomain _ -> node.put("seen", "no_domain");
            case Evidence.NullMx _ -> node.put("seen", "null_mx");
            case Evidence.NoMailHost _ -> node.put("seen", "no_mail_host");
            case Evidence.MxUnresolvable(var hosts) -> withTexts(node.put("seen", "mx_unresolvable"), "hosts", hosts);
            case Evidence.MxUnroutable(var hosts) -> withTexts(node.put("seen", "mx_unroutable"), "hosts", hosts);
            case Evidence.DnsFailed(var cause) -> node.put("seen", "dns_failed").put("cause", word(cause));
            case Evidence.MailHosts(var hosts, var implicit, var provider, var trust, var notes, var rule) -> {
                withTexts(node.put("seen", "mail_hosts"), "hosts", hosts)
                        .put("implicit", implicit)
                        .put("provider", provider)
                        .put("accept_trust", trust.word());
                withTexts(node, "notes", notes);
                if (!rule.isEmpty()) {
                    node.put("rule", rule);
                }
            }
            case Evidence.DisposableSuspected(var mxHost) ->
                node.put("seen", "disposable_suspected").put("host", mxHost);
            case Evidence.Policies(DomainPolicy(var spf, var dmarc, var mtaSts)) ->
                node.put("seen", "policies")
                        .put("spf", word(spf))
                        .put("dmarc", word(dmarc))
                        .put("mta_sts", word(mtaSts));
            case Evidence.OptedOut(var hit) -> withHit(node.put("seen", "opted_out"), hit);
            case Evidence.SmtpOff _ -> node.put("seen", "smtp_off");
            case Evidence.Said(var host, var stage, var reply, var millis) ->
                withReply(node.put("seen", "said").put("host", host).put("stage", stage.word()), reply)
                        .put("ms", millis);
            case Evidence.RecipientAnswered(var host, var reply, var meaning, var acceptAll, var exists) ->
                withReply(node.put("seen", "recipient_answered").put("host", host), reply)
                        .put("meaning", meaning.word())
                        .put("accept_all", word(acceptAll))
                        .put("mailbox_exists", exists);
            case Evidence.SenderRefused(var host, var stage, var reply, var meaning) ->
                withReply(node.put("seen", "sender_refused").put("host", host).put("stage", stage.word()), reply)
                        .put("meaning", meaning.word());
            case Evidence.NoAnswer(var host, var trouble) ->
                node.put("seen", "no_answer").put("host", host).put("trouble", word(trouble));
            case Evidence.Smtputf8Unsupported(var host) ->
                node.put("seen", "smtputf8_unsupported").put("host", host);
        }
        return node;
    }

    private static Evidence one(JsonNode node) {
        return switch (text(node, "seen")) {
            case "malformed" -> new Evidence.Malformed(constant(Defect.class, node, "defect"));
            case "form" ->
                new Evidence.Form(
                        node.path("subaddress").asBoolean(),
                        node.path("smtputf8").asBoolean(),
                        node.path("homograph").asBoolean());
            case "crm_said" ->
                new Evidence.CrmSaid(
                        text(node, "property"),
                        text(node, "value"),
                        constant(Evidence.CrmSaid.CrmMeaning.class, node, "meaning"));
            case "random_looking" -> new Evidence.RandomLooking();
            case "listed" -> new Evidence.Listed(hit(node));
            case "opted_out" -> new Evidence.OptedOut(hit(node));
            case "suggested" -> new Evidence.Suggested(text(node, "address"));
            case "special_use" -> new Evidence.SpecialUse(text(node, "domain"));
            case "still_asking" -> new Evidence.StillAsking();
            case "offline" -> new Evidence.Offline();
            case "no_domain" -> new Evidence.NoDomain();
            case "null_mx" -> new Evidence.NullMx();
            case "no_mail_host" -> new Evidence.NoMailHost();
            case "mx_unresolvable" -> new Evidence.MxUnresolvable(texts(node, "hosts"));
            case "mx_unroutable" -> new Evidence.MxUnroutable(texts(node, "hosts"));
            case "dns_failed" -> new Evidence.DnsFailed(constant(Answer.FailureCause.class, node, "cause"));
            case "mail_hosts" ->
                new Evidence.MailHosts(
                        texts(node, "hosts"),
                        node.path("implicit").asBoolean(),
                        text(node, "provider"),
                        constant(Trust.class, node, "accept_trust"),
                        texts(node, "notes"),
                        text(node, "rule"));
            case "disposable_suspected" -> new Evidence.DisposableSuspected(text(node, "host"));
            case "policies" ->
                new Evidence.Policies(new DomainPolicy(
                        constant(Spf.class, node, "spf"),
                        constant(Dmarc.class, node, "dmarc"),
                        constant(MtaSts.class, node, "mta_sts")));
            case "smtp_off" -> new Evidence.SmtpOff();
            case "said" ->
                new Evidence.Said(
                        text(node, "host"),
                        constant(Stage.class, node, "stage"),
                        reply(node),
                        node.path("ms").asLong());
            case "recipient_answered" ->
                new Evidence.RecipientAnswered(
                        text(node, "host"),
                        reply(node),
                        constant(ReplyMeaning.class, node, "meaning"),
                        constant(AcceptAll.class, node, "accept_all"),
                        node.path("mailbox_exists").asBoolean());
            case "sender_refused" ->
                new Evidence.SenderRefused(
                        text(node, "host"),
                        constant(Stage.class, node, "stage"),
                        reply(node),
                        constant(ReplyMeaning.class, node, "meaning"));
            case "no_answer" -> new Evidence.NoAnswer(text(node, "host"), constant(Trouble.class, node, "trouble"));
            case "smtputf8_unsupported" -> new Evidence.Smtputf8Unsupported(text(node, "host"));
            default -> throw new IllegalArgumentException("unknown kind of evidence: " + text(node, "seen"));
        };
    }

    private static ObjectNode withHit(ObjectNode node, ListHit hit) {
        return node.put("list", word(hit.list()))
                .put("entry", hit.entry())
                .put("as_of", hit.asOf().toString());
    }

    private static ListHit hit(JsonNode node) {
        return new ListHit(
                constant(ListName.class, node, "list"), text(node, "entry"), LocalDate.parse(text(node, "as_of")));
    }

    private static ObjectNode withTexts(ObjectNode node, String name, List<String> texts) {
        var array = node.putArray(name);
        texts.forEach(array::add);
        return node;
    }

    private static ObjectNode withReply(ObjectNode node, Reply reply) {
        return node.put("code", reply.code())
                .put("enhanced", reply.enhancedCode())
                .put("text", reply.text());
    }

    private static Reply reply(JsonNode node) {
        return new Reply(node.path("code").asInt(), text(node, "enhanced"), text(node, "text"));
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    private static List<String> texts(JsonNode node, String name) {
        var texts = new ArrayList<String>();
        node.path(name).forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode node, String name) {
        return Enum.valueOf(type, text(node, name).toUpperCase(Locale.ROOT));
    }
}
