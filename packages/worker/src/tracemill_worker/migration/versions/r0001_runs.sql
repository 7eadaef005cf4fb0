-- The clock of every statement. A session may shift its own clock for a test:
-- SELECT set_config('tracemill.clock_offset', '31 s', false).
CREATE FUNCTION tracemill.clock() RETURNS timestamptz
LANGUAGE sql STABLE
RETURN now() + coalesce(nullif(current_setting('tracemill.clock_offset', true), ''), '0')::interval;

-- json, not jsonb: the text comes back as it was given, where jsonb turns 1e16 into an integer and
-- refuses the character U+0000.
CREATE TABLE tracemill.runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_-]{0,63}$'),
    config json NOT NULL CHECK (json_typeof(config) = 'object'),
    workspace text,  -- absolute; null: that of the worker
    state text NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'cancelled', 'dead')),
    unique_key text,
    priority integer NOT NULL DEFAULT 0,
    run_after timestamptz NOT NULL,
    time_limit_s double precision CHECK (time_limit_s >= 0),
    attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    max_attempts integer NOT NULL CHECK (max_attempts >= 1),
    claim_no bigint NOT NULL DEFAULT 0 CHECK (claim_no >= attempt),
    lease_until timestamptz,
    cancel_requested boolean NOT NULL DEFAULT false,
    worker text,
    host text,
    pid integer,
    process_started text,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    error json,
    result json,
    CONSTRAINT attempts_are_bounded CHECK (attempt <= max_attempts),
    CONSTRAINT running_is_leased CHECK (
        (state = 'running') = (lease_until IS NOT NULL)
        AND (state <> 'running' OR num_nulls(worker, host, pid, process_started, started_at) = 0)),
    CONSTRAINT pending_is_unheld CHECK (
        state <> 'pending' OR num_nonnulls(worker, host, pid, started_at) = 0),
    CONSTRAINT cancel_is_asked_of_running CHECK (state = 'running' OR NOT cancel_requested),
    CONSTRAINT over_is_timed CHECK (
        (state IN ('pending', 'running')) = (finished_at IS NULL)),
    CONSTRAINT success_has_result CHECK ((state = 'succeeded') = (result IS NOT NULL)),
    CONSTRAINT other_ends_have_error CHECK (
        (state IN ('failed', 'cancelled', 'dead')) = (error IS NOT NULL))
) WITH (fillfactor = 80);  -- room for HOT updates by heartbeats

CREATE INDEX runs_pending ON tracemill.runs (priority DESC, id) WHERE state = 'pending';
CREATE INDEX runs_running ON tracemill.runs (id) WHERE state = 'running';
CREATE UNIQUE INDEX runs_live_key ON tracemill.runs (unique_key)
    WHERE state IN ('pending', 'running');

CREATE TABLE tracemill.run_attempts (
    run_id bigint NOT NULL REFERENCES tracemill.runs,
    claim_no bigint NOT NULL,
    worker text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    outcome text NOT NULL
        CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'lost', 'released')),
    error json,
    PRIMARY KEY (run_id, claim_no)
);

-- The table of transitions (tracemill_schema.run.TRANSITIONS). A trigger writes a row for each, so
-- that no statement can make one that is not in it, nor forget to note one.
CREATE TABLE tracemill.run_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES tracemill.runs,
    at timestamptz NOT NULL,
    from_state text,
    to_state text NOT NULL,
    claim_no bigint NOT NULL,
    CONSTRAINT transition_is_known CHECK (
        CASE WHEN from_state IS NULL THEN to_state = 'pending'
        ELSE (from_state, to_state) IN (
            ('pending', 'running'), ('pending', 'cancelled'),
            ('running', 'succeeded'), ('running', 'failed'), ('running', 'cancelled'),
            ('running', 'pending'), ('running', 'dead'),
            ('failed', 'pending'), ('dead', 'pending'), ('cancelled', 'pending'))
        END)
);
CREATE INDEX run_events_of_run ON tracemill.run_events (run_id, id);

CREATE TABLE tracemill.run_logs (
    run_id bigint NOT NULL REFERENCES tracemill.runs,
    claim_no bigint NOT NULL,
    seq integer NOT NULL CHECK (seq >= 0),
    at timestamptz NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (run_id, claim_no, seq)
);

CREATE FUNCTION tracemill.note_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tracemill.run_events (run_id, at, from_state, to_state, claim_no)
    VALUES (NEW.id, tracemill.clock(), OLD.state, NEW.state, NEW.claim_no);
    IF NEW.state = 'pending' THEN
        PERFORM pg_notify('tracemill_runs', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER run_enqueued AFTER INSERT ON tracemill.runs
    FOR EACH ROW EXECUTE FUNCTION tracemill.note_transition();
CREATE TRIGGER run_moved AFTER UPDATE OF state ON tracemill.runs
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION tracemill.note_transition();

CREATE FUNCTION tracemill.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER attempts_stand BEFORE UPDATE OR DELETE ON tracemill.run_attempts
    FOR EACH ROW EXECUTE FUNCTION tracemill.refuse_change();
CREATE TRIGGER events_stand BEFORE UPDATE OR DELETE ON tracemill.run_events
    FOR EACH ROW EXECUTE FUNCTION tracemill.refuse_change();
