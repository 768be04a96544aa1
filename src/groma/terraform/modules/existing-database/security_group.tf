# The way out is the clients' own. The way in is opened where the database's group is named; else its owner opens it.
resource "aws_vpc_security_group_egress_rule" "client_to_ranges" {
  for_each = local.ways_out

  security_group_id = var.client_security_group_ids[each.value.client]
  description       = "The database of ${var.secret}"
  cidr_ipv4         = each.value.range
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port

  tags = { Name = "${each.value.client}-to-${var.name}" }
}

resource "aws_vpc_security_group_egress_rule" "client_to_group" {
  for_each = var.security_group_id == null ? {} : var.client_security_group_ids

  security_group_id            = each.value
  description                  = "The database of ${var.secret}"
  referenced_security_group_id = var.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port

  tags = { Name = "${each.key}-to-${var.name}" }
}

resource "aws_vpc_security_group_ingress_rule" "group_from_client" {
  for_each = var.security_group_id == null ? {} : var.client_security_group_ids

  security_group_id            = var.security_group_id
  description                  = "${each.key} of ${var.name}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port

  tags = { Name = "${var.name}-from-${each.key}" }
}
