resource "aws_iam_role" "this" {
  # Roles are global: the region keeps two tiers of one name apart.
  name = "${var.name}-${data.aws_region.current.name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  tags = { Name = var.name }
}

resource "aws_iam_instance_profile" "this" {
  name = "${var.name}-${data.aws_region.current.name}"
  role = aws_iam_role.this.name

  tags = { Name = var.name }
}

# What the Systems Manager agent needs for a shell through Session Manager, and the CloudWatch agent for its
# metrics: less than AWS's managed policies, which also read every parameter of the account.
resource "aws_iam_role_policy" "agents" {
  #checkov:skip=CKV_AWS_290: none of these actions can be held to a resource; metrics are held to the agent's namespace.
  #checkov:skip=CKV_AWS_355: as above, IAM knows no resource for any of them.
  name = "agents"
  role = aws_iam_role.this.id

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
        Sid      = "AgentFindsItsGroup"
        Effect   = "Allow"
        Action   = "ec2:DescribeTags"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "extra" {
  for_each = var.instance_policies

  name   = each.key
  role   = aws_iam_role.this.id
  policy = each.value
}
