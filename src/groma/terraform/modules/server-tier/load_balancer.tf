resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91: an access log needs a bucket and is paid by the byte; CloudWatch metrics and the VPC's flow logs serve operation, and CloudFront sees every viewer first.
  #checkov:skip=CKV2_AWS_20: one port is listened on, HTTP or HTTPS; CloudFront redirects viewers, and the internal tier speaks HTTP inside the VPC.
  #checkov:skip=CKV2_AWS_28: only CloudFront's addresses or named security groups reach it; a web ACL belongs at CloudFront, before the traffic enters the region.
  name                       = var.name
  load_balancer_type         = "application"
  internal                   = var.load_balancer.internal
  subnets                    = var.load_balancer.subnet_ids
  security_groups            = concat([aws_security_group.load_balancer.id], aws_security_group.health_checkers[*].id)
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  tags = { Name = var.name }
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378: TLS ends at CloudFront; inside the VPC the security groups let only the load balancer reach the servers' port.
  name                          = var.name
  vpc_id                        = var.vpc_id
  protocol                      = "HTTP"
  port                          = var.servers.port
  deregistration_delay          = 30
  load_balancing_algorithm_type = "least_outstanding_requests"

  health_check {
    path                = var.servers.health_check_path
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = { Name = var.name }
}

resource "aws_lb_listener" "this" {
  #checkov:skip=CKV_AWS_2: a certificate needs a domain name; with one it is HTTPS, without one viewers speak HTTPS to CloudFront.
  #checkov:skip=CKV_AWS_103: as above; with a certificate the policy is of TLS 1.2 and 1.3.
  load_balancer_arn = aws_lb.this.arn
  protocol          = local.protocol
  certificate_arn   = var.load_balancer.certificate_arn
  ssl_policy        = local.protocol == "HTTPS" ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  port              = var.load_balancer.port

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  tags = { Name = var.name }

  lifecycle {
    # A target group in use cannot go: when a new port replaces it, the listener has to go first.
    replace_triggered_by = [aws_lb_target_group.this.id]
  }
}
