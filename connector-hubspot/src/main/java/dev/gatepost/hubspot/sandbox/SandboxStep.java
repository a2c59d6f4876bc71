package dev.gatepost.hubspot.sandbox;

import java.util.Map;

/**
 * One execution of our step in a workflow of the sandbox, as far as it has come.
 *
 * @param callbackId HubSpot's id of it
 * @param status what the last HTTP answer or completion was
 * @param state {@code SUCCESS}, {@code FAIL_CONTINUE}, {@code BLOCK} while it waits; empty when the answer was no 200
 * @param outputs what the step gave back
 */
public record SandboxStep(String callbackId, int status, String state, Map<String, String> outputs) {
    public SandboxStep {
        outputs = Map.copyOf(outputs);
    }
}
