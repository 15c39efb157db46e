-- A mail service's database: some hundred megabytes of realistic text.
-- psql -v logs=N: how many rows the big table gets.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SELECT setseed(0.42) \g /dev/null

CREATE SCHEMA mail;
CREATE TYPE mail.delivery AS ENUM ('queued', 'sent', 'bounced', 'opened');
CREATE DOMAIN mail.address AS text CHECK (VALUE ~ '^[^@ ]+@[^@ ]+$');
CREATE SEQUENCE mail.invoice_number START 20240001 INCREMENT 3;

CREATE TABLE mail.users (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	email mail.address UNIQUE NOT NULL,
	name text NOT NULL,
	password_hash text NOT NULL,
	settings jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL
);
CREATE TABLE mail.email_services (
	id serial PRIMARY KEY,
	user_id bigint NOT NULL REFERENCES mail.users ON DELETE CASCADE,
	provider text NOT NULL,
	host text NOT NULL,
	port int NOT NULL CHECK (port BETWEEN 1 AND 65535),
	credentials bytea NOT NULL
);
CREATE TABLE mail.email_templates (
	id serial PRIMARY KEY,
	user_id bigint NOT NULL REFERENCES mail.users ON DELETE CASCADE,
	title text NOT NULL,
	html text NOT NULL,
	tags text[] NOT NULL,
	words int GENERATED ALWAYS AS (length(html) / 6) STORED
);
CREATE TABLE mail.email_logs (
	id bigserial PRIMARY KEY,
	service_id int NOT NULL,
	template_id int NOT NULL,
	recipient text NOT NULL,
	subject text NOT NULL,
	status mail.delivery NOT NULL,
	message_id uuid NOT NULL,
	sent_at timestamptz NOT NULL,
	answer text
);

CREATE FUNCTION mail.sentence(words int) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(w[1 + floor(random() * 24)::int], ' ')
	FROM generate_series(1, words),
		(SELECT '{your,invoice,has,been,sent,order,we,thank,you,for,account,
			password,reset,please,confirm,the,newsletter,of,march,shipment,
			welcome,Grüße,delivered,today}'::text[] AS w) AS dictionary
$$;

INSERT INTO mail.users (email, name, password_hash, settings, created_at)
SELECT 'user' || n || '@example' || n % 97 || '.com',
	(ARRAY['Ana', 'Bo', 'Chloé', 'Dmitri', 'Eve', 'Žofie'])[1 + n % 6] || ' ' || n,
	'$2b$12$' || md5(n::text) || md5((n * 7)::text),
	jsonb_build_object('theme', n % 3, 'quota', n * 10, 'tz', 'Europe/Prague'),
	timestamptz '2023-01-01 00:00Z' + n * interval '11 minutes'
FROM generate_series(1, :logs / 40) AS n;

INSERT INTO mail.email_services (user_id, provider, host, port, credentials)
SELECT id, (ARRAY['gmail', 'smtp', 'ses', 'postmark'])[1 + id % 4],
	'smtp' || id % 50 || '.example.net', 587, sha256(email::bytea)
FROM mail.users WHERE id % 3 = 0;

INSERT INTO mail.email_templates (user_id, title, html, tags)
SELECT id, mail.sentence(4),
	'<html><body style="margin:0">' || E'\n\t<p>' || mail.sentence(160 + id::int % 90)
		|| E'</p>\n\t<p>C:\\mail\\{{name}}</p>\n</body></html>',
	ARRAY['t' || id % 9, 'a "quoted" tag', NULL]
FROM mail.users WHERE id % 2 = 0;

INSERT INTO mail.email_logs (service_id, template_id, recipient, subject, status,
	message_id, sent_at, answer)
SELECT 1 + n % (SELECT count(*) FROM mail.email_services),
	1 + n % (SELECT count(*) FROM mail.email_templates),
	'customer' || n % 70001 || '@shop' || n % 811 || '.example.org',
	'Re: your order ' || n * 17 || ' has been '
		|| (ARRAY['shipped', 'received', 'cancelled', 'invoiced'])[1 + n % 4],
	(ARRAY['queued', 'sent', 'bounced', 'opened'])[1 + n % 4]::mail.delivery,
	md5(n::text)::uuid, timestamptz '2024-01-01 00:00Z' + n * interval '7 seconds',
	CASE WHEN n % 5 > 0 THEN '250 2.0.0 OK ' || md5((n + 1)::text)
		|| ' - gsmtp; queued as ' || upper(substr(md5((n + 2)::text), 1, 12)) END
FROM generate_series(1, :logs) AS n;

CREATE INDEX ON mail.email_logs (sent_at);
CREATE INDEX ON mail.email_logs (status, service_id) WHERE status <> 'sent';
CREATE INDEX ON mail.email_templates USING gin (tags);
ALTER TABLE mail.email_logs
	ADD FOREIGN KEY (service_id) REFERENCES mail.email_services,
	ADD FOREIGN KEY (template_id) REFERENCES mail.email_templates;
CREATE VIEW mail.bounces AS
	SELECT recipient, count(*) FROM mail.email_logs
	WHERE status = 'bounced' GROUP BY recipient;
SELECT nextval('mail.invoice_number') FROM generate_series(1, 100) \g /dev/null
SELECT lo_from_bytea(0, decode(repeat('504b0304deadbeef', 40000), 'hex')) \g /dev/null
COMMENT ON SCHEMA mail IS 'it''s \ "odd"; -- 💌';
ANALYZE;
