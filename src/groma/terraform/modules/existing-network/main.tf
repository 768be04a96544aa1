data "aws_vpc" "this" {
  id   = var.vpc.id
  tags = var.vpc.id == null ? var.vpc.tags : null

  lifecycle {
    postcondition {
      condition     = self.enable_dns_support && self.enable_dns_hostnames
      error_message = "The VPC ${self.id} needs DNS support and DNS host names: databases and load balancers are found by name."
    }
  }
}

# There is none in a VPC whose public subnets are not public.
data "aws_internet_gateway" "this" {
  filter {
    name   = "attachment.vpc-id"
    values = [data.aws_vpc.this.id]
  }
}

# Of each zone exactly one: the provider refuses what finds none or several.
data "aws_subnet" "public" {
  for_each = var.public_subnets

  id                = each.value.id
  vpc_id            = each.value.id == null ? data.aws_vpc.this.id : null
  availability_zone = each.value.id == null ? each.key : null
  tags              = each.value.id == null ? each.value.tags : null

  lifecycle {
    postcondition {
      condition     = self.vpc_id == data.aws_vpc.this.id && self.availability_zone == each.key
      error_message = "The public subnet ${self.id} lies in ${self.availability_zone} of ${self.vpc_id}, not in ${each.key} of ${data.aws_vpc.this.id}."
    }
  }
}

data "aws_subnet" "private" {
  for_each = var.private_subnets

  id                = each.value.id
  vpc_id            = each.value.id == null ? data.aws_vpc.this.id : null
  availability_zone = each.value.id == null ? each.key : null
  tags              = each.value.id == null ? each.value.tags : null

  lifecycle {
    postcondition {
      condition     = self.vpc_id == data.aws_vpc.this.id && self.availability_zone == each.key
      error_message = "The private subnet ${self.id} lies in ${self.availability_zone} of ${self.vpc_id}, not in ${each.key} of ${data.aws_vpc.this.id}."
    }
  }
}
