-- Roles and the database, once, as a superuser:
--
--   psql -v ON_ERROR_STOP=1 -v owner_password=… -v app_password=… -f roles.sql
--
-- defterhane_owner  owns the database; only migrations use it
-- defterhane_app    what services may do; migrations grant to it; owns nothing
-- defterhane        whom services log in as; row-level security binds it
CREATE ROLE defterhane_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE defterhane_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE defterhane LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS IN ROLE defterhane_app PASSWORD :'app_password';
CREATE DATABASE defterhane OWNER defterhane_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE defterhane FROM PUBLIC;
GRANT CONNECT ON DATABASE defterhane TO defterhane_app;
