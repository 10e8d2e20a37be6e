"""The project's own rules: each takes an overlay and tells, a sentence a fault, where the overlay breaks it."""

from collections.abc import Callable, Iterator

from tools.kubernetes.overlays import Overlay
from tools.kubernetes.rules import environment, kafka, network, placing, pods, reaching, references, scaling

Rule = Callable[[Overlay], Iterator[str]]

RULES: tuple[Rule, ...] = (
    pods.pods_run_as_nobody,
    pods.containers_are_locked_down,
    pods.no_pod_holds_a_token,
    pods.resources_are_bounded,
    pods.services_answer_probes,
    pods.services_are_given_time_to_stop,
    pods.images_are_pinned,
    pods.nothing_retired_is_used,
    pods.images_hold_what_they_start,
    pods.every_role_runs,
    placing.namespaces_are_restricted,
    placing.workloads_survive_a_drain,
    placing.pods_are_spread,
    placing.selectors_find_their_own_pods,
    network.namespaces_deny_by_default,
    network.workloads_have_a_network_policy,
    network.names_can_be_asked_for,
    network.routes_lead_to_pods_that_let_them_in,
    reaching.processes_reach_what_they_are_told,
    references.mounts_have_volumes,
    references.probes_ask_open_ports,
    references.monitors_scrape_every_process,
    scaling.scalers_have_one_target_each,
    scaling.the_relay_is_never_scaled,
    scaling.lag_scales_what_reads_and_load_what_answers,
    scaling.no_more_readers_than_partitions,
    kafka.topics_are_the_published_channels,
    kafka.users_may_what_their_service_does,
    environment.sources_of_variables_are_there,
    environment.variables_are_settings,
    environment.values_are_taken,
    environment.services_are_heard,
    environment.nothing_unsafe_is_told,
)
