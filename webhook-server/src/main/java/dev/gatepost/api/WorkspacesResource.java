package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Member;
import dev.gatepost.workspace.People;
import dev.gatepost.workspace.Person;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Workspaces;
import dev.gatepost.workspace.Workspaces.Workspace;
import java.util.List;

/** The workspaces somebody belongs to. */
public final class WorkspacesResource implements Resource {

    private final Workspaces workspaces;
    private final People people;
    private final Ids ids;
    private final AuditLog audit;
    private final Once once;

    public WorkspacesResource(Workspaces workspaces, People people, Ids ids, AuditLog audit, Once once) {
        this.once = requireNonNull(once, "once");
        this.workspaces = requireNonNull(workspaces, "workspaces");
        this.people = requireNonNull(people, "people");
        this.ids = requireNonNull(ids, "ids");
        this.audit = requireNonNull(audit, "audit");
    }

    @Override
    public List<Route> routes() {
        var anybody = Permit.people(Role.values());
        var owner = Permit.people(Role.OWNER);
        return List.of(
                Route.get("/v1/workspaces", anybody, this::list),
                Route.post("/v1/workspaces", owner, this::found),
                Route.get("/v1/workspaces/{id}", anybody, this::show),
                Route.put("/v1/workspaces/{id}", owner, this::rename));
    }

    private Reply list(Call call) {
        call.query(_ -> "");
        var body = JsonNodeFactory.instance.objectNode();
        var data = body.putArray("data");
        memberships(call)
                .forEach(member -> workspaces
                        .byId(member.workspaceId())
                        .ifPresent(workspace -> data.add(json(workspace, member.role()))));
        body.putNull("next"); // a person belongs to few
        return Reply.ok(body);
    }

    private List<Member> memberships(Call call) {
        return people.memberships(((Caller.ByPerson) call.caller()).personId());
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return memberships(call).stream()
                .filter(member -> member.workspaceId().equals(call.path("id")))
                .findFirst()
                .flatMap(member -> workspaces.byId(member.workspaceId()).map(found -> json(found, member.role())))
                .map(Reply::ok)
                .orElseThrow(() -> new Refused(Problem.notFound()));
    }

    private Reply found(Call call) {
        var name = call.body(WorkspacesResource::name);
        return once.run(
                call, handle -> Reply.created(json(workspaces.found(handle, call.by(), name, ids, audit), Role.OWNER)));
    }

    /** Only the workspace one is at work in: the role that counts is the one there. */
    private Reply rename(Call call) {
        var name = call.body(WorkspacesResource::name);
        if (!call.path("id").equals(call.workspaceId())) {
            var isOther = memberships(call).stream()
                    .anyMatch(member -> member.workspaceId().equals(call.path("id")));
            throw new Refused(
                    isOther
                            ? Fault.CONFLICT.saying("Enter that workspace first: PUT /v1/session.")
                            : Problem.notFound());
        }
        return Reply.ok(json(workspaces.rename(call.by(), name, audit), Role.OWNER));
    }

    private static String name(Fields fields) {
        return Person.name(fields.text("name", Person.NAME_LENGTH_MAX))
                .orElseThrow(() -> fields.wrong("name", "must be a name in printable characters"));
    }

    private static ObjectNode json(Workspace workspace, Role role) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", workspace.id())
                .put("name", workspace.name())
                .put("role", role.word());
    }
}
