package dev.gatepost.server;

import dev.gatepost.api.AuditResource;
import dev.gatepost.api.Once;
import dev.gatepost.api.PasswordResource;
import dev.gatepost.api.PeopleResource;
import dev.gatepost.api.Resource;
import dev.gatepost.api.SameOrigin;
import dev.gatepost.api.SessionResource;
import dev.gatepost.api.WelcomeResource;
import dev.gatepost.api.WorkspacesResource;
import java.util.List;
import java.util.function.Supplier;

/** The resources of the API that are for people. */
final class PeopleResources {

    private PeopleResources() {}

    static List<Resource> of(Books books, Supplier<String> publicUrl) {
        var residents = books.residents();
        var sameOrigin = new SameOrigin(publicUrl);
        var sessions = residents.sessions();
        var once = new Once(books.database(), books.idempotency(), books.ids());
        return List.of(
                new SessionResource(residents.signIn(), sessions, sameOrigin),
                new PasswordResource(residents.signIn(), sessions, residents.secondFactor()),
                new WelcomeResource(residents.links(), sessions, sameOrigin),
                new PeopleResource(residents.people(), residents.links(), once, publicUrl),
                new WorkspacesResource(
                        residents.workspaces(), residents.people(), books.ids(), residents.audit(), once),
                new AuditResource(books.database(), residents.audit()));
    }
}
