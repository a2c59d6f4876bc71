package dev.gatepost.dns;

import dev.gatepost.dns.Answer.FailureCause;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A name's A and AAAA questions, asked at once. */
record AddressPair(Pending v4, Pending v6) {

    /** What both said. */
    record Landed(Answer v4, Answer v6) {
        /** All addresses, IPv4 first, each family in the order of its answer. */
        List<InetAddress> addresses() {
            return Stream.of(v4, v6).flatMap(Landed::addressesIn).toList();
        }

        /** Why one of the two could not be asked; empty when both were answered. */
        Optional<FailureCause> failure() {
            return Stream.of(v4, v6)
                    .filter(Answer.Failed.class::isInstance)
                    .map(answer -> ((Answer.Failed) answer).cause())
                    .findFirst();
        }

        boolean viaCname() {
            return Stream.of(v4, v6)
                    .anyMatch(answer -> answer instanceof Answer.Found(var _, var _, var alias) && alias);
        }

        private static Stream<InetAddress> addressesIn(Answer answer) {
            return answer instanceof Answer.Found(var records, var _, var _)
                    ? records.stream()
                            .filter(Answer.AddressData.class::isInstance)
                            .map(data -> ((Answer.AddressData) data).address())
                    : Stream.empty();
        }
    }

    static AddressPair ask(Resolver resolver, String name, QueryBudget budget) {
        return new AddressPair(
                Pending.ask(resolver, name, RecordType.A, budget),
                Pending.ask(resolver, name, RecordType.AAAA, budget));
    }

    Landed await() {
        return new Landed(v4.await(), v6.await());
    }
}
