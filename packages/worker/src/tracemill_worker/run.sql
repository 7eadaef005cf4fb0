-- The statements of the run store. Every one is a transaction of its own; the clock is the
-- database's. A worker's write names the run and its claim_no: no row means that the claim is stale.

-- name: enqueue
-- Adds a pending run; no row comes back if a live run holds the unique key.
INSERT INTO tracemill.runs
    (kind, config, workspace, unique_key, priority, max_attempts, run_after, time_limit_s,
     created_at)
VALUES
    (%(kind)s, %(config)s::json, %(workspace)s, %(unique_key)s, %(priority)s, %(max_attempts)s,
     tracemill.clock() + make_interval(secs => %(delay_s)s), %(time_limit_s)s, tracemill.clock())
ON CONFLICT (unique_key) WHERE state IN ('pending', 'running') DO NOTHING
RETURNING *;

-- name: live_by_key
-- The one live run that holds a unique key.
SELECT * FROM tracemill.runs
WHERE unique_key = %(unique_key)s AND state IN ('pending', 'running');

-- name: claim_pending_run
-- Claims the next pending run. The materialised CTE is needed: with a plain IN (SELECT ... LIMIT 1)
-- the planner may run the sub-query once per row and claim them all (20 of 20, PostgreSQL 15, 18).
WITH c AS MATERIALIZED (
    SELECT id FROM tracemill.runs
    WHERE state = 'pending' AND run_after <= tracemill.clock()
    ORDER BY priority DESC, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE tracemill.runs AS r
SET state = 'running', attempt = r.attempt + 1, claim_no = r.claim_no + 1,
    lease_until = tracemill.clock() + make_interval(secs => %(lease_s)s),
    started_at = tracemill.clock(), cancel_requested = false,
    worker = %(worker)s, host = %(host)s, pid = %(pid)s, process_started = %(process_started)s
FROM c WHERE r.id = c.id
RETURNING r.*;

-- name: claim_run
-- Claims one run by its id, if it is pending.
UPDATE tracemill.runs AS r
SET state = 'running', attempt = r.attempt + 1, claim_no = r.claim_no + 1,
    lease_until = tracemill.clock() + make_interval(secs => %(lease_s)s),
    started_at = tracemill.clock(), cancel_requested = false,
    worker = %(worker)s, host = %(host)s, pid = %(pid)s, process_started = %(process_started)s
WHERE r.id = %(run_id)s AND r.state = 'pending' AND r.run_after <= tracemill.clock()
RETURNING r.*;

-- name: heartbeat
-- Extends the lease; touches no indexed column, so that the update stays HOT.
UPDATE tracemill.runs
SET lease_until = tracemill.clock() + make_interval(secs => %(lease_s)s)
WHERE id = %(run_id)s AND claim_no = %(claim_no)s AND state = 'running'
RETURNING cancel_requested;

-- name: append_log
-- Adds a chunk of a run's log; a chunk that was sent twice is stored once.
WITH held AS (
    SELECT id, claim_no FROM tracemill.runs
    WHERE id = %(run_id)s AND claim_no = %(claim_no)s AND state = 'running'
), added AS (
    INSERT INTO tracemill.run_logs (run_id, claim_no, seq, at, text)
    SELECT id, claim_no, %(seq)s, tracemill.clock(), %(text)s FROM held
    ON CONFLICT DO NOTHING
)
SELECT id FROM held;

-- name: finish
-- Ends a run with its result or its error, and records the attempt.
WITH done AS (
    UPDATE tracemill.runs
    SET state = %(state)s, result = %(result)s::json, error = %(error)s::json,
        finished_at = tracemill.clock(), lease_until = NULL, cancel_requested = false
    WHERE id = %(run_id)s AND claim_no = %(claim_no)s AND state = 'running'
    RETURNING *
), attempted AS (
    INSERT INTO tracemill.run_attempts
        (run_id, claim_no, worker, started_at, ended_at, outcome, error)
    SELECT id, claim_no, worker, started_at, finished_at, state, error FROM done
)
SELECT * FROM done;

-- name: finished_before
-- The run, if this claim of it has already ended with that outcome (an answer was lost on the way).
SELECT r.* FROM tracemill.runs AS r
JOIN tracemill.run_attempts AS a ON a.run_id = r.id AND a.claim_no = r.claim_no
WHERE r.id = %(run_id)s AND r.claim_no = %(claim_no)s
  AND a.outcome = %(state)s AND r.state = %(state)s;

-- name: release
-- Gives a run back as pending without counting the attempt.
WITH held AS MATERIALIZED (
    SELECT id, worker, started_at FROM tracemill.runs
    WHERE id = %(run_id)s AND claim_no = %(claim_no)s AND state = 'running'
    FOR UPDATE
), done AS (
    UPDATE tracemill.runs AS r
    SET state = 'pending', attempt = r.attempt - 1, lease_until = NULL, started_at = NULL,
        worker = NULL, host = NULL, pid = NULL, process_started = NULL, cancel_requested = false
    FROM held WHERE r.id = held.id
    RETURNING r.*
), attempted AS (
    INSERT INTO tracemill.run_attempts (run_id, claim_no, worker, started_at, ended_at, outcome)
    SELECT done.id, done.claim_no, held.worker, held.started_at, tracemill.clock(), 'released'
    FROM done JOIN held USING (id)
)
SELECT * FROM done;

-- name: held_on
-- The claims that stand on one host, with the processes that hold them.
SELECT id, claim_no, worker, host, pid, process_started FROM tracemill.runs
WHERE state = 'running' AND host = %(host)s
ORDER BY id;

-- name: reap
-- Ends the claims whose lease ran out, and the given ones whose workers are proven to be gone.
WITH lost AS MATERIALIZED (
    SELECT id, worker, started_at, lease_until < tracemill.clock() AS expired FROM tracemill.runs
    WHERE state = 'running'
      AND (lease_until < tracemill.clock()
           OR (id, claim_no) IN (SELECT * FROM unnest(%(ids)s::bigint[], %(claims)s::bigint[])))
    ORDER BY id
    LIMIT 100
    FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
    SELECT r.id,
           CASE WHEN r.cancel_requested THEN 'cancelled'
                WHEN r.attempt < r.max_attempts THEN 'pending'
                ELSE 'dead' END AS next,
           'attempt ' || r.attempt || ' of ' || r.max_attempts || ' was lost: '
               || CASE WHEN lost.expired THEN 'the lease of worker ' || lost.worker || ' ran out'
                       ELSE 'its worker ' || lost.worker || ' is gone' END AS reason
    FROM tracemill.runs AS r JOIN lost USING (id)
), done AS (
    UPDATE tracemill.runs AS r
    SET state = j.next, lease_until = NULL, cancel_requested = false,
        started_at = CASE WHEN j.next = 'pending' THEN NULL ELSE r.started_at END,
        worker = CASE WHEN j.next = 'pending' THEN NULL ELSE r.worker END,
        host = NULL, pid = NULL, process_started = NULL,
        finished_at = CASE WHEN j.next = 'pending' THEN NULL ELSE tracemill.clock() END,
        error = CASE j.next
            WHEN 'pending' THEN NULL
            WHEN 'dead' THEN json_build_object('exit_code', NULL, 'kind', 'lost', 'message', j.reason)
            ELSE json_build_object('exit_code', NULL, 'kind', 'cancelled', 'message', j.reason) END
    FROM judged AS j WHERE r.id = j.id
    RETURNING r.*
), attempted AS (
    INSERT INTO tracemill.run_attempts
        (run_id, claim_no, worker, started_at, ended_at, outcome, error)
    SELECT done.id, done.claim_no, lost.worker, lost.started_at, tracemill.clock(), 'lost',
           json_build_object('exit_code', NULL, 'kind', 'lost', 'message', judged.reason)
    FROM done JOIN lost USING (id) JOIN judged USING (id)
)
SELECT * FROM done ORDER BY id;

-- name: cancel
-- Cancels a pending run at once, and asks the worker of a running one to.
UPDATE tracemill.runs
SET state = CASE state WHEN 'pending' THEN 'cancelled' ELSE state END,
    cancel_requested = (state = 'running'),
    finished_at = CASE state WHEN 'pending' THEN tracemill.clock() END,
    error = CASE state WHEN 'pending' THEN json_build_object(
        'exit_code', NULL, 'kind', 'cancelled', 'message', 'cancelled before it started') END
WHERE id = %(run_id)s AND state IN ('pending', 'running')
RETURNING *;

-- name: retry
-- Makes a run that ended without success pending again, with at least one more attempt.
UPDATE tracemill.runs
SET state = 'pending', error = NULL, finished_at = NULL, started_at = NULL, worker = NULL,
    host = NULL, pid = NULL, process_started = NULL, run_after = tracemill.clock(),
    max_attempts = greatest(max_attempts, attempt + 1)
WHERE id = %(run_id)s AND state IN ('failed', 'dead', 'cancelled')
RETURNING *;

-- name: show
-- One run.
SELECT * FROM tracemill.runs WHERE id = %(run_id)s;

-- name: list
-- The newest runs first, of one state or kind if asked.
SELECT * FROM tracemill.runs
WHERE (%(state)s::text IS NULL OR state = %(state)s::text)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s::text)
ORDER BY id DESC
LIMIT %(limit)s;

-- name: logs
-- The log of a run behind a position, in the order in which it was printed.
SELECT claim_no, seq, text FROM tracemill.run_logs
WHERE run_id = %(run_id)s AND (claim_no, seq) > (%(claim_no)s, %(seq)s)
ORDER BY claim_no, seq;

-- name: events
-- The transitions of a run in order.
SELECT at, from_state, to_state, claim_no FROM tracemill.run_events
WHERE run_id = %(run_id)s
ORDER BY id;

-- name: attempts
-- The ended attempts of a run in order.
SELECT claim_no, worker, started_at, ended_at, outcome, error FROM tracemill.run_attempts
WHERE run_id = %(run_id)s
ORDER BY claim_no;

-- name: counts
-- How many runs stand in each state.
SELECT state, count(*) AS n FROM tracemill.runs GROUP BY state ORDER BY state;

-- name: others
-- How many other clients are connected to the server.
SELECT count(*) AS n FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();

-- name: revision
-- The revision of the tables; no such table (42P01) means that they were never made.
SELECT version_num FROM tracemill.alembic_version;
