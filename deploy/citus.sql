-- Spreads CoachHub's tables over the workers of a Citus cluster, by practice. Once, after `coachhub migrate`, as a superuser
-- of the coordinator; again after each migration that makes a table (those that are spread already are left alone):
--
--   psql "postgresql://postgres@coordinator/coachhub" --file deploy/citus.sql
--
-- A table whose primary key holds practice_id is distributed by it, all in one group, so that a practice lies whole on one
-- worker. The others are small and read by everybody: reference tables, a copy on each worker. citus.md has the rest.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
-- Triggers are ours to vouch for: those of CoachHub write rows of the same practice alone.
SET citus.enable_unsafe_triggers = on;

CREATE TEMPORARY VIEW spreading AS
WITH RECURSIVE tables AS (
  SELECT c.oid, c.relname AS name, EXISTS (
           SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
            WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attname = 'practice_id') AS of_practice
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
), depths AS (
  SELECT oid, 0 AS depth FROM tables
  UNION
  SELECT k.conrelid, d.depth + 1 FROM depths d JOIN pg_constraint k ON k.confrelid = d.oid
   WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND d.depth < 50
)
SELECT t.name, t.of_practice, max(d.depth) AS depth FROM tables t JOIN depths d USING (oid) GROUP BY 1, 2;

SELECT format('SELECT create_reference_table(%L)', name)
  FROM spreading WHERE NOT of_practice AND name::regclass NOT IN (SELECT logicalrelid FROM pg_dist_partition)
 ORDER BY depth, name
\gexec

-- What is referred to goes first. They are of one group because they are spread by a column of one type.
SELECT format('SELECT create_distributed_table(%L, %L)', name, 'practice_id')
  FROM spreading WHERE of_practice AND name::regclass NOT IN (SELECT logicalrelid FROM pg_dist_partition)
 ORDER BY depth, name
\gexec
