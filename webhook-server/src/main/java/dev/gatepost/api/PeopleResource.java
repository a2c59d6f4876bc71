package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.workspace.Member;
import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.People;
import dev.gatepost.workspace.People.Added;
import dev.gatepost.workspace.People.Changed;
import dev.gatepost.workspace.Person;
import dev.gatepost.workspace.Role;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The people of a workspace. */
public final class PeopleResource implements Resource {

    private static final String ROLES =
            Arrays.stream(Role.values()).map(Role::word).collect(Collectors.joining(", "));

    private final People people;
    private final OneTimeLinks links;
    private final Once once;
    private final Supplier<String> publicUrl;

    /** @param publicUrl how the outside calls us, without trailing slash; asked for each link */
    public PeopleResource(People people, OneTimeLinks links, Once once, Supplier<String> publicUrl) {
        this.once = requireNonNull(once, "once");
        this.people = requireNonNull(people, "people");
        this.links = requireNonNull(links, "links");
        this.publicUrl = requireNonNull(publicUrl, "publicUrl");
    }

    @Override
    public List<Route> routes() {
        var anybody = Permit.people(Role.values());
        var owner = Permit.people(Role.OWNER);
        return List.of(
                Route.get("/v1/people", anybody, this::list),
                Route.post("/v1/people", owner, this::add),
                Route.get("/v1/people/{id}", anybody, this::show),
                Route.put("/v1/people/{id}", owner, this::change),
                Route.delete("/v1/people/{id}", owner, this::remove),
                Route.post("/v1/people/{id}/link", owner, this::link));
    }

    private Reply list(Call call) {
        var page = call.query(Parameters::page);
        var rows = people.members(call.workspaceId(), page.after(), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, row -> row.person().id(), PeopleResource::json));
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return Reply.ok(people.member(call.workspaceId(), call.path("id"))
                .map(PeopleResource::json)
                .orElseThrow(() -> new Refused(Problem.notFound())));
    }

    private Reply add(Call call) {
        var newcomer = call.body(fields -> new People.Newcomer(
                Person.email(fields.text("email", SessionResource.EMAIL_CHARS_MAX))
                        .orElseThrow(() -> fields.wrong("email", "must be an email address")),
                Person.name(fields.text("name", Person.NAME_LENGTH_MAX))
                        .orElseThrow(() -> fields.wrong("name", "must be a name in printable characters")),
                role(fields)));
        return once.run(call, handle -> Reply.created(added(handle, call, newcomer)));
    }

    private ObjectNode added(Handle handle, Call call, People.Newcomer newcomer) {
        return switch (people.add(handle, call.by(), newcomer)) {
            case Added.Joined(var member) -> {
                var body = json(member);
                if (!member.person().hasPassword()) {
                    links.invite(handle, call.by(), member.person().id())
                            .ifPresent(token -> body.put("link", link(token)));
                }
                yield body;
            }
            case Added.AlreadyMember _ ->
                throw new Refused(Fault.CONFLICT.of("email", "Somebody with this address is here already."));
            case Added.EmailTaken _ ->
                throw new Refused(Fault.CONFLICT.of(
                        "email",
                        "This address belongs to somebody in a workspace that is not yours; an owner of both can add"
                                + " them."));
        };
    }

    private static Role role(Fields fields) {
        return Role.of(fields.text("role", 16)).orElseThrow(() -> fields.wrong("role", "must be one of " + ROLES));
    }

    private String link(String token) {
        return publicUrl.get() + "/welcome?token=" + token;
    }

    private Reply change(Call call) {
        var role = call.body(PeopleResource::role);
        return Reply.ok(json(done(people.changeRole(call.by(), call.path("id"), role))));
    }

    private Reply remove(Call call) {
        done(people.remove(call.by(), call.path("id")));
        return Reply.nothing();
    }

    private static Member done(Changed changed) {
        return switch (changed) {
            case Changed.Done(var member) -> member;
            case Changed.NoSuchPerson _ -> throw new Refused(Problem.notFound());
            case Changed.LastOwner _ ->
                throw new Refused(
                        Fault.LAST_OWNER.saying("A workspace keeps its last owner; make somebody else owner first."));
        };
    }

    private Reply link(Call call) {
        call.body(_ -> "");
        var id = call.path("id");
        if (people.member(call.workspaceId(), id).isEmpty()) {
            throw new Refused(Problem.notFound());
        }
        return once.run(call, handle -> Reply.created(linkOf(handle, call, id)));
    }

    private ObjectNode linkOf(Handle handle, Call call, String id) {
        var token = links.invite(handle, call.by(), id)
                .orElseThrow(() -> new Refused(Fault.CONFLICT.saying(
                        "This person also belongs to a workspace that is not yours, so you cannot give them a new"
                                + " password.")));
        return JsonNodeFactory.instance
                .objectNode()
                .put("link", link(token))
                .put("good_for_hours", OneTimeLinks.INVITATION_GOOD_FOR.toHours());
    }

    private static ObjectNode json(Member member) {
        var person = member.person();
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", person.id())
                .put("email", person.email())
                .put("name", person.name())
                .put("role", member.role().word())
                .put("totp", person.hasTotp())
                .put("invited", !person.hasPassword())
                .put("since", member.since().toString());
    }
}
