-- The roles, the database and the extensions that CoachHub stands on. Run it with psql as a superuser, or, where a
-- provider gives nobody that, as a role with CREATEROLE and CREATEDB; running it again changes nothing but the
-- passwords. CoachHub runs the same file on its embedded server.
--
--   export OWNER_PASSWORD=... WEB_PASSWORD=... WORKER_PASSWORD=...
--   psql "postgresql://postgres@db.internal/postgres" --file deploy/roles.sql
--
-- afterwards give CoachHub three addresses:
--   DATABASE_URL         postgresql://coachhub_web:$WEB_PASSWORD@db.internal/coachhub
--   DATABASE_WORKER_URL  postgresql://coachhub_worker:$WORKER_PASSWORD@db.internal/coachhub
--   DATABASE_OWNER_URL   postgresql://coachhub_owner:$OWNER_PASSWORD@db.internal/coachhub   (migrations only)
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

\set owner_password ''
\set web_password ''
\set worker_password ''
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
\getenv worker_password WORKER_PASSWORD
SELECT :'owner_password' = '' OR :'web_password' = '' OR :'worker_password' = '' AS incomplete \gset
\if :incomplete
  DO $$ BEGIN RAISE EXCEPTION 'set OWNER_PASSWORD, WEB_PASSWORD and WORKER_PASSWORD first'; END $$;
\endif

-- None of them is a superuser or passes row-level security by. The owner migrates and is bound by forced
-- row-level security; web and worker own nothing; lookup cannot sign in and owns the few definer functions.
SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['coachhub_owner', 'coachhub_web', 'coachhub_worker', 'coachhub_lookup']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
ALTER ROLE coachhub_owner LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE coachhub_web LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'web_password';
ALTER ROLE coachhub_worker LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'worker_password';
ALTER ROLE coachhub_lookup NOLOGIN NOCREATEDB NOCREATEROLE;
-- Only a superuser may even say the next, or makes databases and schemas for others without being one of them.
SELECT rolsuper AS is_superuser FROM pg_roles WHERE rolname = current_user \gset
\if :is_superuser
  ALTER ROLE coachhub_owner NOSUPERUSER NOBYPASSRLS;
  ALTER ROLE coachhub_web NOSUPERUSER NOBYPASSRLS;
  ALTER ROLE coachhub_worker NOSUPERUSER NOBYPASSRLS;
  ALTER ROLE coachhub_lookup NOSUPERUSER NOBYPASSRLS;
\else
  GRANT coachhub_owner TO CURRENT_USER WITH SET TRUE, INHERIT TRUE;
\endif
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname ~ '^coachhub_(owner|web|worker|lookup)$' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'a role of CoachHub passes row-level security by: only a superuser can take that from it';
  END IF;
END $$;
-- So that a migration can hand a function over: ALTER FUNCTION ... OWNER TO coachhub_lookup.
GRANT coachhub_lookup TO coachhub_owner WITH SET TRUE, INHERIT FALSE;

-- The same order and the same capitals on every machine, whatever the server was made with.
SELECT 'CREATE DATABASE coachhub OWNER coachhub_owner TEMPLATE template0 ENCODING ''UTF8'' '
       'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'coachhub')
\gexec
REVOKE ALL ON DATABASE coachhub FROM PUBLIC;
GRANT CONNECT ON DATABASE coachhub TO coachhub_web, coachhub_worker;
-- Workers copy a file's rows into a temporary table: COPY does not go through row-level security.
GRANT TEMPORARY ON DATABASE coachhub TO coachhub_worker;

\connect coachhub
SET client_min_messages = warning;
ALTER SCHEMA public OWNER TO coachhub_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO coachhub_web, coachhub_worker, coachhub_lookup;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
