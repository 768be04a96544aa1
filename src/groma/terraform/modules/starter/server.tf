# The newest Amazon Linux 2023 for arm64.
data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_instance" "this" {
  #checkov:skip=CKV_AWS_88: in a public subnet the address is the way out; the security group lets nobody in.
  #checkov:skip=CKV_AWS_126: status checks come by the minute without it, and the CPU alarm reads five minutes at a time.
  ami                         = data.aws_ssm_parameter.image.insecure_value
  instance_type               = var.instance_type
  subnet_id                   = aws_subnet.public[keys(var.public_subnets)[0]].id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.server.id]
  iam_instance_profile        = aws_iam_instance_profile.server.name
  user_data                   = file("${path.module}/first_boot.sh")
  user_data_replace_on_change = true
  ebs_optimized               = true

  # Stated, since an account can have another default: it is charged for what it spends beyond its credits, not slowed.
  dynamic "credit_specification" {
    for_each = can(regex("^t[0-9]", var.instance_type)) ? ["unlimited"] : []

    content {
      cpu_credits = credit_specification.value
    }
  }

  # Version 2 alone: a request forwarded by mistake cannot read the role's credentials.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = var.volume_gib
    encrypted   = true
  }

  tags = { Name = var.name }

  lifecycle {
    ignore_changes = [ami] # a newer image must not replace the server and what lies on its disk
  }

  # The first boot installs packages, which needs the way out and the permissions.
  depends_on = [aws_iam_role_policy.server, aws_route.internet, aws_route_table_association.public, aws_vpc_endpoint.s3]
}

# No way in, not even SSH: a shell is opened through Session Manager, to which the server's agent calls out.
resource "aws_security_group" "server" {
  name        = "${var.name}-server"
  description = "Server of ${var.name}: nobody comes in"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-server" }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.server.id
  description       = "HTTPS to AWS and to package repositories"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${var.name}-server-https" }
}

resource "aws_iam_role" "server" {
  name = local.site

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = var.name }
}

resource "aws_iam_instance_profile" "server" {
  name = local.site
  role = aws_iam_role.server.name

  tags = { Name = var.name }
}

resource "aws_iam_role_policy" "server" {
  #checkov:skip=CKV_AWS_290: IAM knows no resource for the agents' actions; metrics are held to the agent's namespace, objects to the own bucket.
  #checkov:skip=CKV_AWS_355: as above, what has Resource "*" cannot be held to anything narrower.
  name = "server"
  role = aws_iam_role.server.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "SessionManager"
        Effect = "Allow"
        Action = [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource = "*"
      },
      {
        Sid       = "AgentMetrics"
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*"
        Condition = { StringEquals = { "cloudwatch:namespace" = "CWAgent" } }
      },
      {
        Sid      = "OwnBucket"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.this.arn
      },
      {
        Sid      = "OwnObjects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
    ]
  })
}
