package dev.gatepost.hubspot;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Errand;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Reception;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The product as a route sees it: answers errands as told, keeps tickets, installs where the settings say. */
final class FakeReception implements Reception {
    final List<Account> accounts = new ArrayList<>();
    final List<Errand> errands = new ArrayList<>();
    final List<Map<String, String>> connected = new ArrayList<>();
    final Map<String, String> tickets = new HashMap<>();
    Function<Errand, Errand.Answered> answer = _ -> new Errand.Answered.Later();
    private final ConnectorTools tools;
    private final Instant now;

    FakeReception(ConnectorTools tools, Instant now, Account... accounts) {
        this.tools = tools;
        this.now = now;
        this.accounts.addAll(List.of(accounts));
    }

    @Override
    public List<Account> accounts(String hookKey) {
        return accounts.stream()
                .filter(account -> account.hookKey().equals(hookKey))
                .toList();
    }

    @Override
    public List<Account> accounts() {
        return List.copyOf(accounts);
    }

    @Override
    public Optional<Connector> connector(String connectionId) {
        return Optional.empty();
    }

    @Override
    public Answer take(Delivery delivery, Reading reading) {
        return Answer.of(200);
    }

    @Override
    public Errand.Answered verify(Errand errand) {
        errands.add(errand);
        return answer.apply(errand);
    }

    @Override
    public List<Choice> workflows(String connectionId) {
        return List.of(new Choice("wf_1", "Newsletter sign-up"), new Choice("wf_2", "Paying users"));
    }

    @Override
    public String ticket(String remembered, Duration life) {
        var word = "ticket" + tickets.size();
        tickets.put(word, remembered);
        return word;
    }

    @Override
    public Optional<String> redeem(String ticket) {
        return Optional.ofNullable(tickets.remove(ticket));
    }

    @Override
    public Installed connect(Map<String, String> settings) {
        connected.add(Map.copyOf(settings));
        return new HubSpotPlugin()
                .connect(new Account("trial", "", "", settings), tools)
                .install();
    }

    @Override
    public String publicUrl() {
        return "https://verify.example.com";
    }

    @Override
    public ConnectorTools tools() {
        return tools;
    }

    @Override
    public Instant now() {
        return now;
    }
}
