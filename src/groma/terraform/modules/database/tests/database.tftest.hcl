mock_provider "aws" {
  override_during = plan # Terraform passes no ephemeral variable, such as password, to an apply of a test

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/chirp-monitoring-us-east-1" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-0fedcba9876543210" }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      resource_id        = "db-MASTERORREPLICA0000000000"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b3c" }]
    }
  }
}

variables {
  name                      = "chirp"
  vpc_id                    = "vpc-0a1b2c3d4e5f60718"
  subnet_ids                = ["subnet-0cccccccccccccccc", "subnet-0dddddddddddddddd"]
  client_security_group_ids = { app = "sg-0123456789abcdef0" }
  master                    = { instance_class = "db.m7g.large", zone = "us-east-1a" }
  storage                   = { gib = 100, max_gib = 500 }
  kms_key_arn               = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
}

run "places_the_master_in_its_zone" {
  command = plan

  assert {
    condition     = !aws_db_instance.master.multi_az && aws_db_instance.master.identifier == "chirp-master" && aws_db_instance.master.availability_zone == "us-east-1a" && aws_db_instance.master.engine == "postgres"
    error_message = "The master must be a PostgreSQL instance in its zone."
  }

  assert {
    condition     = aws_db_instance.master.instance_class == "db.m7g.large" && aws_db_instance.master.allocated_storage == 100 && aws_db_instance.master.max_allocated_storage == 500
    error_message = "Class and storage must be as asked for."
  }

  assert {
    condition     = length(aws_db_instance.replica) == 0 && output.replica_id == null && output.replica_endpoint == null
    error_message = "There must be no replica."
  }

  assert {
    condition     = output.master_id == "chirp-master" && output.port == 5432 && output.database_name == "chirp"
    error_message = "The master must be given out."
  }
}

run "lets_one_role_of_its_own_sign_in" {
  command = plan

  variables {
    application_user = "forum"
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  assert {
    condition     = aws_db_instance.master.iam_database_authentication_enabled && aws_db_instance.replica[0].iam_database_authentication_enabled
    error_message = "Master and replica must take tokens of IAM."
  }

  assert {
    condition = jsondecode(output.connect_policy).Statement == [{
      Effect   = "Allow"
      Action   = "rds-db:connect"
      Resource = ["arn:aws:rds-db:us-east-1:111122223333:dbuser:db-MASTERORREPLICA0000000000/forum", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-MASTERORREPLICA0000000000/forum"]
    }]
    error_message = "Who has the policy must be able to sign in as that role, at master and replica, and nowhere else."
  }
}

run "rejects_a_role_that_is_not_for_applications" {
  command = plan

  variables {
    application_user = "rds_superuser"
  }

  expect_failures = [var.application_user]
}

run "follows_it_with_a_replica_in_another_zone" {
  command = plan

  variables {
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  assert {
    condition     = aws_db_instance.replica[0].replicate_source_db == "chirp-master" && aws_db_instance.replica[0].availability_zone == "us-east-1b"
    error_message = "The replica must follow the master from its own zone."
  }

  assert {
    condition     = aws_db_instance.replica[0].storage_encrypted && !aws_db_instance.replica[0].publicly_accessible && aws_db_instance.replica[0].allocated_storage == 100 && aws_db_instance.replica[0].max_allocated_storage == 500
    error_message = "The replica must be as well guarded as the master, as large, and grow as far."
  }

  assert {
    condition     = length(aws_cloudwatch_log_group.this) == 4 && output.replica_id == "chirp-replica"
    error_message = "Both instances must have groups for their logs and be given out."
  }
}

# RDS keeps 3,000 operations/s of a smaller volume in mind, and refuses them for one of 400 GiB.
run "asks_for_the_baseline_of_a_striped_volume" {
  command = plan

  variables {
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    storage          = { gib = 400, max_gib = 2000 }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  assert {
    condition     = alltrue([for instance in concat([aws_db_instance.master], aws_db_instance.replica) : instance.allocated_storage == 400 && instance.iops == 12000 && instance.storage_throughput == 500])
    error_message = "Master and replica must ask for what comes with their size, or RDS refuses to enlarge a smaller volume."
  }
}

run "has_a_standby_that_takes_over_by_itself" {
  command = plan

  variables {
    multi_az         = true
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  assert {
    condition     = aws_db_instance.master.multi_az && !aws_db_instance.replica[0].multi_az
    error_message = "The master must have a standby; the replica needs none."
  }

  assert {
    condition     = aws_db_instance.master.availability_zone != "us-east-1a" && aws_db_instance.replica[0].availability_zone == "us-east-1b"
    error_message = "RDS refuses a zone for a master with a standby: it chooses; the replica keeps its own."
  }
}

run "lets_rds_keep_the_password" {
  command = plan

  assert {
    condition     = aws_db_instance.master.manage_master_user_password && aws_db_instance.master.master_user_secret_kms_key_id == var.kms_key_arn && aws_db_instance.master.username == "administrator"
    error_message = "RDS must make the master password and keep it in Secrets Manager under the key."
  }

  assert {
    condition     = aws_db_instance.master.password == null && aws_db_instance.master.password_wo == null && aws_db_instance.master.password_wo_version == null
    error_message = "No password must be given."
  }

  assert {
    condition     = output.secret_arn == "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b3c"
    error_message = "The ARN of RDS's own secret must be given out."
  }
}

run "takes_the_password_of_a_secret_without_keeping_it" {
  command = plan

  variables {
    username         = "owner"
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 3
  }

  assert {
    condition     = aws_db_instance.master.username == "owner" && aws_db_instance.master.password_wo_version == 3
    error_message = "RDS must take the password, and take it anew with each version."
  }

  assert {
    condition     = aws_db_instance.master.manage_master_user_password == null
    error_message = "RDS must not make a password of its own."
  }

  assert {
    condition     = aws_db_instance.master.password == null && aws_db_instance.master.password_wo == null
    error_message = "The password must not be in the state."
  }

  assert {
    condition     = output.secret_arn == "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    error_message = "The ARN of the secret must be given out."
  }
}

run "encrypts_everything" {
  command = plan

  assert {
    condition     = aws_db_instance.master.storage_encrypted && aws_db_instance.master.kms_key_id == var.kms_key_arn && aws_db_instance.master.performance_insights_kms_key_id == var.kms_key_arn
    error_message = "Storage and Performance Insights must be encrypted with the key."
  }

  assert {
    condition     = { for parameter in aws_db_parameter_group.this.parameter : parameter.name => parameter.value }["rds.force_ssl"] == "1"
    error_message = "Connections must be encrypted."
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.kms_key_arn]) && length(aws_cloudwatch_log_group.this) == 2
    error_message = "Each log must go to an encrypted group."
  }
}

run "is_reached_by_its_clients_only" {
  command = plan

  assert {
    condition     = !aws_db_instance.master.publicly_accessible
    error_message = "The master must not be public."
  }

  assert {
    condition = (
      keys(aws_vpc_security_group_ingress_rule.from_client) == ["app"] &&
      aws_vpc_security_group_ingress_rule.from_client["app"].referenced_security_group_id == "sg-0123456789abcdef0" &&
      aws_vpc_security_group_ingress_rule.from_client["app"].from_port == 5432 &&
      aws_vpc_security_group_ingress_rule.from_client["app"].to_port == 5432
    )
    error_message = "Only the named group may reach port 5432."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.client_to_database["app"].security_group_id == "sg-0123456789abcdef0" &&
      aws_vpc_security_group_egress_rule.client_to_database["app"].referenced_security_group_id == aws_security_group.this.id
    )
    error_message = "The named group must be let out to the database."
  }
}

run "keeps_backups_and_a_last_snapshot" {
  command = plan

  assert {
    condition = (
      aws_db_instance.master.backup_retention_period == 7 && aws_db_instance.master.deletion_protection &&
      !aws_db_instance.master.skip_final_snapshot && aws_db_instance.master.final_snapshot_identifier == "chirp-final"
    )
    error_message = "A protected database must keep backups and a last snapshot."
  }
}

run "goes_without_a_trace_when_unprotected" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !aws_db_instance.master.deletion_protection && aws_db_instance.master.skip_final_snapshot && aws_db_instance.master.final_snapshot_identifier == null
    error_message = "An unprotected database must be deletable without a snapshot."
  }
}

run "takes_parameters_and_another_major_version" {
  command = plan

  variables {
    engine_version = "17.4"
    parameters     = { log_min_duration_statement = "250", work_mem = "16384" }
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "postgres17" && aws_db_instance.master.engine_version == "17.4"
    error_message = "The parameter group must be of the version's family."
  }

  assert {
    condition = { for parameter in aws_db_parameter_group.this.parameter : parameter.name => parameter.value } == {
      "rds.force_ssl" = "1", log_min_duration_statement = "250", log_statement = "ddl", work_mem = "16384"
    }
    error_message = "Parameters must be added to the module's own, or replace them."
  }
}

run "rejects_a_replica_beside_its_master" {
  command = plan

  variables {
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1a" }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  expect_failures = [var.replica]
}

run "shares_the_reads_among_several_replicas" {
  command = plan

  variables {
    replica = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    more_replicas = [
      { instance_class = "db.m7g.large", zone = "us-east-1a" },
      { instance_class = "db.m7g.large", zone = "us-east-1b" },
    ]
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  assert {
    condition     = join(" ", output.replica_ids) == "chirp-replica chirp-replica-2 chirp-replica-3" && output.replica_id == "chirp-replica"
    error_message = "The first keeps its name, and the others are numbered."
  }

  assert {
    condition     = join(" ", aws_db_instance.replica[*].availability_zone) == "us-east-1b us-east-1a us-east-1b"
    error_message = "Each must stand in its zone."
  }

  assert {
    condition     = alltrue([for each in aws_db_instance.replica : each.replicate_source_db == "chirp-master"])
    error_message = "All of them must copy the master."
  }

  assert {
    condition     = length(aws_cloudwatch_log_group.this) == 8 && length(jsondecode(output.connect_policy).Statement[0].Resource) == 4
    error_message = "Each must have groups for its logs, and take the application's tokens."
  }
}

run "rejects_more_replicas_without_the_first" {
  command = plan

  variables {
    more_replicas = [{ instance_class = "db.m7g.large", zone = "us-east-1b" }]
  }

  expect_failures = [var.more_replicas]
}

run "rejects_a_class_of_more_replicas_that_is_none" {
  command = plan

  variables {
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    more_replicas    = [{ instance_class = "m7g.large", zone = "us-east-1a" }]
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  expect_failures = [var.more_replicas]
}

run "rejects_a_replica_while_rds_keeps_the_password" {
  command = plan

  variables {
    replica = { instance_class = "db.m7g.large", zone = "us-east-1b" }
  }

  expect_failures = [var.replica]
}

run "rejects_a_password_without_its_secret" {
  command = plan

  variables {
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  expect_failures = [var.password, var.password_version]
}

run "rejects_a_secret_without_its_password" {
  command = plan

  variables {
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password_version = 1
  }

  expect_failures = [var.password]
}

run "rejects_a_password_that_rds_refuses" {
  command = plan

  variables {
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9s/Wc5zKe1T@Yh8"
    password_version = 1
  }

  expect_failures = [var.password]
}

run "rejects_an_arn_of_something_else" {
  command = plan

  variables {
    secret_arn       = "arn:aws:ssm:us-east-1:111122223333:parameter/chirp"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  expect_failures = [var.secret_arn]
}

run "rejects_a_reserved_user_name" {
  command = plan

  variables {
    username = "rdsadmin"
  }

  expect_failures = [var.username]
}

run "rejects_a_class_that_is_none" {
  command = plan

  variables {
    master = { instance_class = "m7g.large", zone = "us-east-1a" }
  }

  expect_failures = [var.master]
}

run "rejects_iops_on_a_small_volume" {
  command = plan

  variables {
    storage = { gib = 100, max_gib = 500, iops = 12000 }
  }

  expect_failures = [var.storage]
}

run "buys_operations_of_io2" {
  command = plan

  variables {
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    storage          = { gib = 100, max_gib = 500, type = "io2", iops = 3000 }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
  }

  assert {
    condition     = alltrue([for instance in concat([aws_db_instance.master], aws_db_instance.replica) : instance.storage_type == "io2" && instance.iops == 3000])
    error_message = "Master and replica must have io2 volumes with the operations that are bought."
  }
}

run "rejects_io2_without_operations" {
  command = plan

  variables {
    storage = { gib = 100, max_gib = 500, type = "io2" }
  }

  expect_failures = [var.storage]
}

run "rejects_operations_that_are_too_few_for_what_it_may_grow_to" {
  command = plan

  variables {
    storage = { gib = 1000, max_gib = 5000, type = "io2", iops = 1000 }
  }

  expect_failures = [var.storage]
}

run "rejects_storage_of_another_class" {
  command = plan

  variables {
    storage = { gib = 100, max_gib = 500, type = "io1", iops = 3000 }
  }

  expect_failures = [var.storage]
}

run "rejects_storage_that_cannot_grow" {
  command = plan

  variables {
    storage = { gib = 100, max_gib = 105 }
  }

  expect_failures = [var.storage]
}

run "rejects_unencrypted_connections" {
  command = plan

  variables {
    parameters = { "rds.force_ssl" = "0" }
  }

  expect_failures = [var.parameters]
}

run "rejects_having_no_backups" {
  command = plan

  variables {
    backup_retention_days = 0
  }

  expect_failures = [var.backup_retention_days]
}

run "rejects_an_old_version" {
  command = plan

  variables {
    engine_version = "9.6"
  }

  expect_failures = [var.engine_version]
}

run "rejects_a_database_without_clients" {
  command = plan

  variables {
    client_security_group_ids = {}
  }

  expect_failures = [var.client_security_group_ids]
}

run "rejects_a_single_subnet" {
  command = plan

  variables {
    subnet_ids = ["subnet-0cccccccccccccccc"]
  }

  expect_failures = [var.subnet_ids]
}

run "makes_a_mysql_database" {
  command = plan

  variables {
    engine           = "mysql"
    master           = { instance_class = "db.t4g.small", zone = "us-east-1a" }
    replica          = { instance_class = "db.m7g.large", zone = "us-east-1b" }
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "only-for-this-test"
    password_version = 1
  }

  assert {
    condition     = aws_db_instance.master.engine == "mysql" && aws_db_instance.master.engine_version == "8.4" && aws_db_instance.master.port == 3306
    error_message = "The master must be a MySQL instance on its own port."
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "mysql8.4" && aws_db_parameter_group.this.name == "chirp-mysql84"
    error_message = "The parameter group must be of MySQL's family, under a name that RDS takes."
  }

  assert {
    condition     = one([for each in aws_db_parameter_group.this.parameter : each.value if each.name == "require_secure_transport"]) == "1"
    error_message = "Connections must be encrypted."
  }

  assert {
    condition     = toset(aws_db_instance.master.enabled_cloudwatch_logs_exports) == toset(["error", "slowquery"])
    error_message = "Errors and slow statements must be kept."
  }

  assert {
    condition     = !aws_db_instance.master.performance_insights_enabled && aws_db_instance.replica[0].performance_insights_enabled
    error_message = "Performance Insights must be on where RDS takes it, and only there."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_client["app"].to_port == 3306
    error_message = "Clients must reach MySQL's port."
  }
}

run "rejects_a_version_of_another_engine" {
  command = plan

  variables {
    engine         = "mysql"
    engine_version = "16"
  }

  expect_failures = [var.engine_version]
}

run "rejects_an_engine_that_is_not_known" {
  command = plan

  variables {
    engine = "mariadb"
  }

  expect_failures = [var.engine]
}

run "stands_by_for_a_master_in_another_region" {
  command = plan

  variables {
    standby_of = {
      instance_arn  = "arn:aws:rds:eu-west-1:111122223333:db:shop-database-master"
      database_name = "shop_database"
      secret_arn    = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-database-1a2b3c"
    }
  }

  assert {
    condition     = aws_db_instance.master.replicate_source_db == "arn:aws:rds:eu-west-1:111122223333:db:shop-database-master" && aws_db_instance.master.identifier == "chirp-master" && aws_db_instance.master.instance_class == "db.m7g.large"
    error_message = "It must be a replica, called as the master that it will be."
  }

  assert {
    condition     = aws_db_instance.master.kms_key_id == var.kms_key_arn && aws_db_instance.master.db_subnet_group_name == "chirp" && aws_db_instance.master.backup_retention_period == 7 && aws_db_instance.master.skip_final_snapshot
    error_message = "It must be encrypted with a key of its own region, stand in its network, and have backups."
  }

  assert {
    condition     = aws_db_instance.master.manage_master_user_password == null && output.secret_arn == "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-database-1a2b3c" && output.database_name == "shop_database"
    error_message = "Password and database must be those of what it copies."
  }
}

run "rejects_a_master_that_is_no_instance" {
  command = plan

  variables {
    standby_of = { instance_arn = "shop-database-master", database_name = "shop_database", secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-database-1a2b3c" }
  }

  expect_failures = [var.standby_of]
}

run "rejects_a_standby_with_a_standby" {
  command = plan

  variables {
    multi_az   = true
    standby_of = { instance_arn = "arn:aws:rds:eu-west-1:111122223333:db:shop-database-master", database_name = "shop_database", secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-database-1a2b3c" }
  }

  expect_failures = [var.standby_of]
}

run "rejects_a_standby_with_a_password_of_its_own" {
  command = plan

  variables {
    secret_arn       = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-1a2b3c"
    password         = "Q7v0dXr2mJ9sWc5zKe1TbYh8NaLg4PfUoi3RtE6x"
    password_version = 1
    standby_of       = { instance_arn = "arn:aws:rds:eu-west-1:111122223333:db:shop-database-master", database_name = "shop_database", secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-database-1a2b3c" }
  }

  expect_failures = [var.standby_of]
}
