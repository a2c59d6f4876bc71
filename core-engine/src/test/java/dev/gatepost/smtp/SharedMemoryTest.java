package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.dns.MailHost;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.StoredHostMemory;
import dev.gatepost.store.Stores;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What outlives a restart and is shared by nodes, through real sockets and a real store. */
@ParameterizedClass
@EnumSource(Dialect.class)
@Timeout(60)
class SharedMemoryTest {
    private static final HostLimits ROOMY = new HostLimits(2, 4, 10_000, 100_000, 200);

    private static final SmtpTimeouts HURRIED = ProbeBench.PATIENT.within(Duration.ofSeconds(3));

    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final ScriptedMailHost host = ScriptedMailHost.start(MailScript.acceptingAll());
    private final List<Node> nodes = new ArrayList<>();
    private final List<StoredHostMemory> memories = new ArrayList<>();
    private final Stores store;

    SharedMemoryTest(Dialect dialect) {
        store = Stores.fresh(dialect);
    }

    /** One process of the product, as far as mail hosts are concerned. */
    private final class Node {
        private final StoredHostMemory memory = new StoredHostMemory(store.database(), clock, new SecureRandom());
        private final SmtpProbe probe;

        Node(HostLimits limits) {
            probe = new SmtpProbe(new LoopbackDialer(), ProbeBench.IDENTITY, host.port(), clock, memory, limits);
            nodes.add(this);
            memories.add(memory);
        }

        Outcome ask(String localPart) {
            var hosts = List.of(new MailHost("mx.works-host.net", 10, List.of(host.address())));
            return probe.probe(ProbeBench.address(localPart), hosts, HURRIED).outcome();
        }

        /** Asks about so many addresses; how many were answered. */
        int ask(int addresses) {
            int answered = 0;
            for (int i = 0; i < addresses; i++) {
                answered += ask("user" + i) instanceof Answered ? 1 : 0;
            }
            return answered;
        }

        void stop() {
            probe.close();
            memory.close();
            nodes.remove(this);
        }

        /** As a crash does: nothing is given back. */
        void crash() {
            nodes.remove(this);
        }
    }

    @AfterEach
    void close() {
        List.copyOf(nodes).forEach(Node::stop);
        memories.forEach(StoredHostMemory::close);
        host.close();
        store.close();
    }

    private Node restarted(Node node, HostLimits limits) {
        node.stop();
        store.reopen();
        return new Node(limits);
    }

    @Test
    @DisplayName("M5: asks a domain about a random address once a day, across restarts")
    void remembersAcceptAllAcrossRestarts() {
        var node = new Node(ROOMY);
        assertThat(((Answered) node.ask("jane")).acceptAll()).isEqualTo(AcceptAll.YES);

        node = restarted(node, ROOMY);
        assertThat(((Answered) node.ask("john")).acceptAll()).isEqualTo(AcceptAll.YES);
        assertThat(host.recipients()).as("jane, nobody, john").hasSize(3);

        clock.forward(Duration.ofHours(25));
        node = restarted(node, ROOMY);
        assertThat(((Answered) node.ask("tom")).acceptAll()).isEqualTo(AcceptAll.YES);
        assertThat(host.recipients()).hasSize(5);
    }

    @Test
    @DisplayName("M5: two nodes that know nothing of each other yet ask about the same random address")
    void drawsTheSameNameOnEveryNode() {
        host.follow(MailScript.knowing("jane").otherwise("451 4.3.0 Try later"));
        var one = new Node(ROOMY);
        var other = new Node(ROOMY);

        assertThat(((Answered) one.ask("jane")).acceptAll()).isEqualTo(AcceptAll.UNCLEAR);
        assertThat(((Answered) other.ask("jane")).acceptAll()).isEqualTo(AcceptAll.UNCLEAR);

        assertThat(host.recipients()).hasSize(4);
        assertThat(host.recipients().stream().distinct()).as("jane and nobody").hasSize(2);
    }

    @Test
    @DisplayName("M4: a block pauses for a day, across restarts and for every node within seconds")
    void sharesPauses() {
        host.follow(
                MailScript.knowing("jane").greeting("554 5.7.1 Service unavailable; blocked using zen.spamhaus.org"));
        var one = new Node(ROOMY);
        var other = new Node(ROOMY);
        for (int i = 0; i < Pauses.BLOCKS_MAX; i++) {
            assertThat(one.ask("jane")).isInstanceOf(SenderRefused.class);
        }
        assertThat(one.probe.pauses()).hasSize(1);
        int sessions = host.sessions();

        clock.forward(Duration.ofSeconds(3));
        await().until(() -> !other.probe.pauses().isEmpty());
        assertThat(other.probe.pauses()).isEqualTo(one.probe.pauses());
        assertThat(other.ask("jane")).isEqualTo(one.ask("jane"));
        assertThat(host.sessions()).isEqualTo(sessions);

        other.stop();
        var again = restarted(one, ROOMY);
        assertThat(again.probe.pauses()).singleElement().satisfies(pause -> {
            assertThat(pause.cause()).isEqualTo(RefusalCause.BLOCK_LISTED);
            assertThat(pause.until()).isAfter(clock.instant().plus(Duration.ofHours(23)));
        });
        assertThat(again.ask("jane")).isInstanceOf(SenderRefused.class);
        assertThat(host.sessions()).isEqualTo(sessions);
    }

    @Test
    @DisplayName("M4: back-offs double across restarts")
    void doublesBackOffsAcrossRestarts() {
        host.follow(MailScript.knowing().greeting("421 4.3.2 Busy, come back later"));
        var node = new Node(ROOMY);
        var _ = node.ask("jane");
        assertThat(left(node)).isEqualTo(Duration.ofMinutes(15));

        node = restarted(node, ROOMY);
        clock.forward(Duration.ofMinutes(16));
        assertThat(node.probe.pauses()).isEmpty();
        var _ = node.ask("jane");
        assertThat(left(node)).isEqualTo(Duration.ofMinutes(30));

        clock.forward(Duration.ofMinutes(31));
        host.follow(MailScript.knowing("jane"));
        assertThat(node.ask("jane")).isInstanceOf(Answered.class);
        node = restarted(node, ROOMY);
        host.follow(MailScript.knowing().greeting("421 4.3.2 Busy, come back later"));
        var _ = node.ask("jane");
        assertThat(left(node)).as("a good answer has made up for it").isEqualTo(Duration.ofMinutes(15));
    }

    private Duration left(Node node) {
        return Duration.between(clock.instant(), node.probe.pauses().getFirst().until());
    }

    @Test
    void keepsNoAddressOfAnybodyInAPause() {
        host.follow(MailScript.knowing().otherwise("554 5.7.1 <{rcpt}>: blocked using zen.spamhaus.org"));
        var node = new Node(ROOMY);
        for (int i = 0; i < Pauses.BLOCKS_MAX; i++) {
            var _ = node.ask("jane");
        }
        node.stop();

        var texts = store.database()
                .read(handle -> handle.createQuery("select last_reply || reply || mend from mail_host_treatment")
                        .mapTo(String.class)
                        .list());
        assertThat(texts).hasSize(1).allSatisfy(text -> assertThat(text).doesNotContain("jane"));
    }

    @Test
    @DisplayName("M3: nodes share a day's addresses, and a restart gives none back")
    void sharesTheDay() {
        var limits = new HostLimits(2, 4, 10_000, 20, 200);
        var one = new Node(limits);
        var other = new Node(limits);

        assertThat(one.ask(12)).isEqualTo(12);
        assertThat(other.ask(10)).isEqualTo(8);
        assertThat(one.ask("jane")).isEqualTo(new NoAnswer("mx.works-host.net", Trouble.BUSY));

        other.stop();
        one = restarted(one, limits);
        assertThat(one.ask("jane")).isEqualTo(new NoAnswer("mx.works-host.net", Trouble.BUSY));
        clock.forward(Duration.ofHours(25));
        assertThat(one.ask("jane")).isInstanceOf(Answered.class);
    }

    @Test
    @DisplayName("M3: nodes share a minute's addresses")
    void sharesTheMinute() {
        var limits = new HostLimits(2, 4, 8, 10_000, 200);
        var one = new Node(limits);
        var other = new Node(limits);

        assertThat(one.ask(5)).isEqualTo(5);
        assertThat(other.ask(4)).isEqualTo(3);
        clock.forward(Duration.ofSeconds(61));
        assertThat(other.ask("jane")).isInstanceOf(Answered.class);
    }

    @Test
    @DisplayName("M3: what was taken counts as used after a crash, and is given back at an orderly end")
    void countsOnThePoliteSide() {
        var limits = new HostLimits(2, 4, 80, 10_000, 200);
        var node = new Node(limits);
        assertThat(node.ask(1)).isOne();
        node.crash();
        assertThat(usedToday()).containsOnly(10L);

        node = new Node(limits);
        assertThat(node.ask(1)).isOne();
        assertThat(usedToday()).containsOnly(20L);
        node.stop();
        assertThat(usedToday()).containsOnly(11L);
    }

    private List<Long> usedToday() {
        return store.database()
                .read(handle -> handle.createQuery("select day_used from mail_host_quota")
                        .mapTo(Long.class)
                        .list());
    }

    @Test
    void asksNobodyWhenTheStoreCannotGrantTurns() {
        var node = new Node(ROOMY);
        store.database().close();

        assertThat(node.ask("jane")).isEqualTo(new NoAnswer("mx.works-host.net", Trouble.BUSY));
        assertThat(host.sessions()).isZero();
        nodes.clear();
        store.reopen();
    }
}
