package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Errand;
import dev.gatepost.connector.Errand.Answered;
import dev.gatepost.connector.Reception;
import dev.gatepost.hubspot.HubSpotSigners.Signed;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Our step in HubSpot's workflows, "Verify email": answers when the verdict is there in time, else has HubSpot wait for a
 * callback. A 4xx would hide the reason from the workflow's history, so that all but forged requests are answered 200.
 */
final class HubSpotActions {
    /** How long an execution is held; HubSpot gives up after 30 seconds ("Webhook information"). */
    static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Executions that are made to wait at once; beyond it HubSpot is told at once to wait for a callback. */
    private static final int WAITING_MAX = 500;

    private static final Semaphore WAITING = new Semaphore(WAITING_MAX);

    private HubSpotActions() {}

    /** Verifies for one execution of the step. */
    static Answer verify(Delivery delivery, Reception reception) {
        var accounts = reception.accounts(delivery.key());
        if (accounts.isEmpty()) {
            return Answer.of(404);
        }
        return switch (HubSpotSigners.ofAction(delivery, accounts, reception.now())) {
            case Signed.ByNobody _ -> Answer.of(401);
            case Signed.By(var signers) ->
                HubSpotExecution.read(delivery.body())
                        .map(execution -> verify(execution, accounts, signers.contains(execution.portal()), reception))
                        .orElseGet(() -> outputs(HubSpotOutputs.failed(HubSpotOutputs.BAD_INPUT)));
        };
    }

    private static Answer verify(
            HubSpotExecution execution, List<Account> accounts, boolean isSigned, Reception reception) {
        var account = isSigned ? account(accounts, execution.portal()) : Optional.<Account>empty();
        if (account.isEmpty()) {
            return outputs(HubSpotOutputs.failed(HubSpotOutputs.NOT_CONNECTED));
        }
        if (!execution.objectType().isEmpty() && !execution.objectType().equalsIgnoreCase("CONTACT")) {
            return outputs(HubSpotOutputs.failed(HubSpotOutputs.BAD_INPUT));
        }
        if (execution.email().isEmpty()) {
            return outputs(HubSpotOutputs.failed(HubSpotOutputs.NO_EMAIL));
        }
        var connectionId = account.get().connectionId();
        boolean isKnown = execution.workflow().isEmpty()
                || reception.workflows(connectionId).stream()
                        .anyMatch(choice -> choice.value().equals(execution.workflow()));
        if (!isKnown) {
            return outputs(HubSpotOutputs.failed(HubSpotOutputs.UNKNOWN_WORKFLOW));
        }
        boolean mayWait = WAITING.tryAcquire();
        try {
            return answer(reception.verify(new Errand(
                    connectionId,
                    execution.objectId(),
                    execution.email(),
                    execution.workflow(),
                    execution.callbackId(),
                    mayWait ? PATIENCE : Duration.ZERO)));
        } finally {
            if (mayWait) {
                WAITING.release();
            }
        }
    }

    private static Answer answer(Answered answered) {
        return switch (answered) {
            case Answered.Now(var outcome) -> outputs(HubSpotOutputs.of(outcome));
            case Answered.Later _ -> outputs(HubSpotOutputs.blocked());
            case Answered.Busy(var after) ->
                // HubSpot's guide on workflow actions says that here, unlike anywhere else, the number is milliseconds.
                new Answer(429, Map.of("Retry-After", Long.toString(after.toMillis())), "", "");
        };
    }

    /** What the step's drop-down shows: the customer's workflows. */
    static Answer workflows(Delivery delivery, Reception reception) {
        var accounts = reception.accounts(delivery.key());
        if (accounts.isEmpty()) {
            return Answer.of(404);
        }
        return switch (HubSpotSigners.ofAction(delivery, accounts, reception.now())) {
            case Signed.ByNobody _ -> Answer.of(401);
            case Signed.By(var signers) ->
                options(
                        HubSpotExecution.portal(delivery.body())
                                .filter(signers::contains)
                                .flatMap(portal -> account(accounts, portal))
                                .map(account -> reception.workflows(account.connectionId()))
                                .orElse(List.of()),
                        CrmJson.read(delivery.body().toByteArray())
                                .map(json -> json.path("fetchOptions").path("q").asText(""))
                                .orElse(""));
        };
    }

    private static Answer options(List<Reception.Choice> choices, String wanted) {
        var json = CrmJson.object().put("searchable", true);
        var options = json.putArray("options");
        var part = wanted.strip().toLowerCase(Locale.ROOT);
        choices.stream()
                .filter(choice -> choice.label().toLowerCase(Locale.ROOT).contains(part))
                .forEach(choice -> options.addObject()
                        .put("label", choice.label())
                        .put("description", choice.label())
                        .put("value", choice.value()));
        return Answer.json(200, json.toString());
    }

    private static Optional<Account> account(List<Account> accounts, String portal) {
        return accounts.stream()
                .filter(account -> account.account().equals(portal))
                .findFirst();
    }

    private static Answer outputs(ObjectNode outputs) {
        return Answer.json(200, CrmJson.object().set("outputFields", outputs).toString());
    }
}
