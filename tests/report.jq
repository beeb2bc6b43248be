# report: true if the JSON report has exactly the members it must have, and
# they agree with one another.

def has_only($names): (keys - $names == []) and ($names - keys == []);
def number: type == "number";
def whole: number and . == floor and . >= 0;

def thread_ok:
	has_only(["tid", "name", "tasks", "adds", "lost"]) and
	(.tid | whole and . > 0) and
	(.name | type == "string" and length > 0) and
	([.tasks, .adds] | all(whole)) and (.lost | number);

def worker_ok:
	has_only(["slot", "pid", "ppid", "name", "exit", "signal", "items",
	    "sum", "threads"]) and
	([.slot, .pid, .ppid, .items] | all(whole)) and (.pid > 0) and
	(.name | type == "string" and length > 0) and
	((.exit == null) != (.signal == null)) and
	(.sum | number) and (.threads | all(thread_ok));

# Only of a stepped run.
def lab_ok:
	has_only(["schedule", "complete", "steps", "switches", "stuck",
	    "spoilt"]) and
	(.schedule | test("^[a-z-]+(,[a-z-]+=[^=]+)*:([A-Za-z]|[0-9]|_)*$")) and
	([.steps, .switches] | all(whole)) and
	([.complete, .stuck, .spoilt] | all(type == "boolean"));

def lint_ok:
	has_only(["name", "grave", "times", "text"]) and
	([.name, .text] | all(type == "string" and length > 0)) and
	(.grave | type == "boolean") and (.times | whole and . > 0);

def left_out_ok:
	has_only(["count", "names", "reasons"]) and (.count | whole) and
	(.names | length <= 16 and all(type == "string")) and
	(.reasons | all(type == "string")) and
	(.names | length) == (.reasons | length);

def members_ok:
	(.left_out | left_out_ok) and
	(.lab == null or (.lab | lab_ok)) and
	(del(.lab) | has_only(["demo", "processes", "threads", "lock", "sum_mode", "items",
	    "tasks", "sum", "left_out", "blind", "status", "elapsed_s", "workers",
	    "lints"])) and
	(.items | has_only(["put", "done", "in_flight", "queued", "poisoned",
	    "requeued"]) and all(whole)) and
	(.tasks | has_only(["done"])) and
	(.sum | has_only(["actual", "expected", "lost", "lost_updates",
	    "in_doubt"]) and all(number)) and
	(.status | has_only(["frames", "dropped"]) and all(whole)) and
	(.blind | type == "boolean") and
	(.elapsed_s | number and . > 0) and
	(.workers | length > 0 and all(worker_ok)) and
	(.lints | all(lint_ok));

# What each process added, with the private sums of those still counted.
def ledger_ok:
	if .sum_mode == "private"
	then .sum.actual == 0 and
	    ([.workers[].sum] | add) + .sum.lost == .sum.expected
	else .sum.actual + .sum.lost == .sum.expected end;

def identities_ok:
	(.items | .put == .done + .in_flight + .queued + .poisoned) and
	ledger_ok and
	([.workers[].threads[].tasks] | add) == .tasks.done and
	([.workers[].threads[].lost] | add) == .sum.lost and
	([.workers[].pid] | length == (unique | length));

def all_left: .workers | all(.exit == 0);

members_ok and identities_ok
