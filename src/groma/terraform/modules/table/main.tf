locals {
  on_demand = var.capacity == null
}

resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_28: point_in_time_recovery is on unless it is switched off.
  #checkov:skip=CKV_AWS_119: kms_key_arn sets a key of one's own, at the price of its requests; without it DynamoDB encrypts with AWS's key.
  name                        = var.name
  billing_mode                = local.on_demand ? "PAY_PER_REQUEST" : "PROVISIONED"
  read_capacity               = local.on_demand ? null : var.capacity.read.min
  write_capacity              = local.on_demand ? null : var.capacity.write.min
  hash_key                    = var.keys.hash
  range_key                   = var.keys.range
  stream_enabled              = local.stream != null
  stream_view_type            = local.stream
  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = var.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.indexes

    content {
      name               = global_secondary_index.key
      hash_key           = global_secondary_index.value.hash
      range_key          = global_secondary_index.value.range
      projection_type    = length(global_secondary_index.value.attributes) > 0 ? "INCLUDE" : global_secondary_index.value.keys_only ? "KEYS_ONLY" : "ALL"
      non_key_attributes = length(global_secondary_index.value.attributes) > 0 ? global_secondary_index.value.attributes : null
      read_capacity      = local.on_demand ? null : global_secondary_index.value.read_capacity
      write_capacity     = local.on_demand ? null : global_secondary_index.value.write_capacity
    }
  }

  dynamic "ttl" {
    for_each = var.ttl_attribute[*]

    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn[*]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }

  dynamic "replica" {
    for_each = toset(var.replica_regions)

    content {
      region_name            = replica.value
      point_in_time_recovery = var.point_in_time_recovery
      propagate_tags         = true
    }
  }

  tags = { Name = var.name }

  # Autoscaling moves the capacity between its limits.
  lifecycle {
    ignore_changes = [read_capacity, write_capacity]
  }
}

locals {
  # Replicas are fed from a stream with both images.
  stream = length(var.replica_regions) > 0 ? "NEW_AND_OLD_IMAGES" : var.stream

  scaled = local.on_demand ? {} : {
    read  = merge(var.capacity.read, { dimension = "dynamodb:table:ReadCapacityUnits", metric = "DynamoDBReadCapacityUtilization" })
    write = merge(var.capacity.write, { dimension = "dynamodb:table:WriteCapacityUnits", metric = "DynamoDBWriteCapacityUtilization" })
  }
}

resource "aws_appautoscaling_target" "this" {
  for_each = local.scaled

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.this.name}"
  scalable_dimension = each.value.dimension
  min_capacity       = each.value.min
  max_capacity       = each.value.max

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_appautoscaling_policy" "this" {
  for_each = local.scaled

  name               = "${var.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[each.key].service_namespace
  resource_id        = aws_appautoscaling_target.this[each.key].resource_id
  scalable_dimension = aws_appautoscaling_target.this[each.key].scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = var.capacity.target_percent

    predefined_metric_specification {
      predefined_metric_type = each.value.metric
    }
  }
}
